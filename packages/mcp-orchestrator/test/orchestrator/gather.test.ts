import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { scriptedConnector } from '@t2t/mcp-orchestrator/testing'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

describe('gathering', () => {
  it('gives what all servers have, by priority, server and URI, with its provenance', async () => {
    const { orchestrator } = orchestrate([
      notesServer('zebra', { priority: 5 }).server,
      notesServer('apple', { priority: 5 }).server,
      notesServer('first', { priority: 1, trust: 'trusted' }).server,
    ])

    const { items, failures, isComplete } = await orchestrator.gather()

    expect(items.map(({ uri }) => uri)).toEqual([
      'first://a',
      'first://b',
      'apple://a',
      'apple://b',
      'zebra://a',
      'zebra://b',
    ])
    expect(items[0]).toEqual({
      server: 'first',
      priority: 1,
      uri: 'first://a',
      mimeType: 'text/plain',
      text: 'first a',
      trust: 'trusted',
      bytes: 7,
      isTruncated: false,
      fetchedAt: 1_700_000_000_000,
    })
    expect({ failures, isComplete }).toEqual({ failures: [], isComplete: true })
  })

  it('takes as long as the slowest server, not as long as all together', async () => {
    const clock = createFakeClock()
    const servers = ['one', 'two', 'three'].map(
      (name) => notesServer(name, { delayMs: 100, clock }).server,
    )
    const orchestrator = createOrchestrator({ servers, clock })

    await orchestrator.gather()

    // Connecting, listing and reading take 100 ms each.
    expect(clock.now()).toBe(300)
  })

  it('names a server that cannot be reached, and gives the rest', async () => {
    const dead = notesServer('dead')
    dead.connector.fail('connect', 'unreachable')
    const { orchestrator } = orchestrate([dead.server, notesServer('alive').server])

    const { items, failures, isComplete } = await orchestrator.gather()

    expect(items.map(({ server }) => server)).toEqual(['alive', 'alive'])
    expect(failures).toEqual([
      {
        server: 'dead',
        stage: 'connect',
        kind: 'unreachable',
        message: 'The script says unreachable to connect.',
      },
    ])
    expect(isComplete).toBe(false)
  })

  it.for(['connect', 'list', 'read'] as const)(
    'ends a server that hangs at the stage %s by its own deadline',
    async (stage) => {
      const hanging = notesServer('hanging', { timeoutMs: 700 })
      hanging.connector.fail(stage, 'hang')
      const { orchestrator, clock } = orchestrate([hanging.server, notesServer('alive').server])

      const { items, failures } = await orchestrator.gather()

      expect(clock.now()).toBe(700)
      expect(items.map(({ server }) => server)).toEqual(['alive', 'alive'])
      expect(failures[0]).toMatchObject({
        server: 'hanging',
        stage,
        kind: 'timeout',
        message: 'There was no answer within 700 ms.',
      })
    },
  )

  it('names the one resource that could not be read, and keeps the others', async () => {
    const { connector, server } = notesServer('notes')
    connector.fail('read', 'refused', 1)
    const { orchestrator } = orchestrate([server])

    const { items, failures, isComplete } = await orchestrator.gather()

    expect(items.map(({ uri }) => uri)).toEqual(['notes://b'])
    expect(failures).toMatchObject([{ stage: 'read', kind: 'refused', uri: 'notes://a' }])
    expect(isComplete).toBe(false)
  })

  it('says of a resource that is not text that it is not', async () => {
    const connector = scriptedConnector({ resources: [{ uri: 'notes://image', blob: 'AAEC' }] })
    const { orchestrator } = orchestrate([{ name: 'notes', priority: 1, connector }])

    const { items, failures } = await orchestrator.gather()

    expect(items).toEqual([])
    expect(failures).toMatchObject([{ stage: 'read', kind: 'invalid', uri: 'notes://image' }])
  })

  it('cuts a long text between two characters, and is not complete then', async () => {
    const resources = [{ uri: 'notes://long', text: 'ab€€€' }]
    const { orchestrator } = orchestrate([notesServer('notes', { resources }).server], {
      maxItemBytes: 6,
    })

    const { items, isComplete } = await orchestrator.gather()

    expect(items).toMatchObject([{ text: 'ab€', bytes: 5, isTruncated: true }])
    expect(isComplete).toBe(false)
  })

  it('reads a resource once, however often its server lists it', async () => {
    const resource = { uri: 'notes://a', text: 'a' }
    const { connector, server } = notesServer('notes', { resources: [resource, resource] })
    const { orchestrator } = orchestrate([server])

    await orchestrator.gather()

    expect(connector.requests.filter(({ stage }) => stage === 'read')).toHaveLength(1)
  })

  it('asks only servers of the given subjects, and those that serve every subject', async () => {
    const { orchestrator } = orchestrate([
      notesServer('sales', { domains: ['sales', 'returns'] }).server,
      notesServer('people', { domains: ['people'] }).server,
      notesServer('everything').server,
    ])

    const { items } = await orchestrator.gather({ domains: ['returns'] })

    expect([...new Set(items.map(({ server }) => server))]).toEqual(['everything', 'sales'])
  })

  it('asks only the servers that are named', async () => {
    const one = notesServer('one')
    const two = notesServer('two')
    const { orchestrator } = orchestrate([one.server, two.server])

    await orchestrator.gather({ servers: ['two'] })

    expect(one.connector.requests).toEqual([])
    expect(two.connector.requests).not.toEqual([])
  })

  it('refuses the name of a server that does not exist', async () => {
    const { orchestrator } = orchestrate([notesServer('one').server])

    await expect(orchestrator.gather({ servers: ['onw'] })).rejects.toMatchObject({
      code: 'MCP_OPTION_INVALID',
      message: 'servers must name servers that exist, got "onw".',
    })
  })

  it('throws the reason of an abort, and leaves nothing behind', async () => {
    const { connector, server } = notesServer('slow')
    connector.fail('list', 'hang')
    const { orchestrator, clock, events } = orchestrate([server])
    const controller = new AbortController()
    const reason = new Error('the user left')
    await orchestrator.connect()

    const gathering = orchestrator.gather({ signal: controller.signal })
    controller.abort(reason)

    await expect(gathering).rejects.toBe(reason)
    expect(clock.pendingTimers).toBe(0)
    expect(events.map(({ type }) => type)).toEqual(['server-connected'])
    expect(orchestrator.getStatus().servers[0]?.state).toBe('ready')
  })

  it('leaves no timer behind', async () => {
    const { orchestrator, clock } = orchestrate([notesServer('one').server])

    await orchestrator.gather()

    expect(clock.pendingTimers).toBe(0)
  })
})
