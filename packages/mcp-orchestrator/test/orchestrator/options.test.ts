import { createOrchestrator, isOrchestratorError, type ServerOptions } from '@t2t/mcp-orchestrator'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { describe, expect, it } from 'vitest'
import { notesServer } from '../fixtures/scripted.ts'

const server = (change: Partial<ServerOptions>): ServerOptions => ({
  name: 'notes',
  priority: 1,
  connector: scriptedConnector(),
  ...change,
})

describe('the options of an orchestrator', () => {
  it.for<[string, readonly ServerOptions[], string]>([
    ['a priority of 0', [server({ priority: 0 })], 'priority of notes must be an integer from 1'],
    ['a priority of 1000', [server({ priority: 1_000 })], 'priority of notes must be an integer'],
    ['a priority of 1.5', [server({ priority: 1.5 })], 'got 1.5'],
    ['no time at all', [server({ timeoutMs: 0 })], 'timeoutMs of notes must be an integer'],
    ['an empty name', [server({ name: '' })], 'name must be'],
    ['a name with a space', [server({ name: 'my notes' })], 'got "my notes"'],
    ['a name with two underscores', [server({ name: 'a__b' })], 'got "a__b"'],
    ['a name that ends in an underscore', [server({ name: 'a_' })], 'got "a_"'],
    ['the same name twice', [server({}), server({})], 'got "notes" twice'],
    ['an empty subject', [server({ domains: [' '] })], 'domains of notes must not hold'],
  ])('do not allow %s', ([, servers, message]) => {
    const create = () => createOrchestrator({ servers })

    expect(create).toThrow(expect.objectContaining({ code: 'MCP_OPTION_INVALID' }))
    expect(create).toThrow(message)
  })

  it('do not allow texts of no bytes', () => {
    expect(() => createOrchestrator({ servers: [], maxItemBytes: 0 })).toThrow('maxItemBytes')
  })

  it('are wrong in a way that can be recognised', () => {
    const create = () => createOrchestrator({ servers: [server({ priority: 0 })] })

    expect(create).toThrow(expect.toSatisfy(isOrchestratorError))
  })
})

describe('a listener', () => {
  it('changes nothing when it throws', async () => {
    const orchestrator = createOrchestrator({
      servers: [notesServer('notes').server],
      onEvent: () => {
        throw new Error('listener')
      },
    })

    const { items, failures } = await orchestrator.gather()

    expect({ items: items.length, failures }).toEqual({ items: 2, failures: [] })
  })

  it('hears what gathering came to', async () => {
    const events: unknown[] = []
    const orchestrator = createOrchestrator({
      servers: [notesServer('notes').server],
      onEvent: (event) => events.push(event),
    })

    await orchestrator.gather()

    expect(events).toEqual([
      { type: 'server-connected', server: 'notes', durationMs: expect.any(Number) },
      {
        type: 'gather-finished',
        servers: ['notes'],
        items: 2,
        failures: [],
        durationMs: expect.any(Number),
      },
    ])
  })
})
