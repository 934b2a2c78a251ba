import { splitToolName } from '@t2t/mcp-orchestrator'
import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

const whoami = (server: string) => ({ server, tool: 'whoami', input: {} })

describe('listing tools', () => {
  it('gives the tools of all servers under names that do not collide', async () => {
    const { orchestrator } = orchestrate([
      notesServer('second', { priority: 2 }).server,
      notesServer('first', { priority: 1 }).server,
    ])

    const { tools, failures } = await orchestrator.listTools()

    expect(tools.map(({ name }) => name)).toEqual(['first__whoami', 'second__whoami'])
    expect(failures).toEqual([])
  })

  it('names the server whose tools are missing', async () => {
    const dead = notesServer('dead')
    dead.connector.fail('list', 'invalid')
    const { orchestrator } = orchestrate([dead.server, notesServer('alive').server])

    const { tools, failures } = await orchestrator.listTools()

    expect(tools.map(({ name }) => name)).toEqual(['alive__whoami'])
    expect(failures).toMatchObject([{ server: 'dead', stage: 'list', kind: 'invalid' }])
  })
})

describe('calling a tool', () => {
  it('gives what the tool answered', async () => {
    const { orchestrator } = orchestrate([notesServer('notes').server])

    const outcome = await orchestrator.callTool(whoami('notes'))

    expect(outcome).toEqual({
      kind: 'result',
      server: 'notes',
      tool: 'whoami',
      isError: false,
      text: 'notes',
    })
  })

  it('gives a failure of the server as a value', async () => {
    const { connector, server } = notesServer('notes', { timeoutMs: 300 })
    connector.fail('call', 'hang')
    const { orchestrator, events } = orchestrate([server])

    const outcome = await orchestrator.callTool(whoami('notes'))

    expect(outcome).toMatchObject({ kind: 'failed', failure: { stage: 'call', kind: 'timeout' } })
    expect(events.at(-1)).toEqual({
      type: 'tool-called',
      server: 'notes',
      tool: 'whoami',
      outcome: 'failed',
      durationMs: 300,
    })
  })

  it('throws the reason of an abort, which is no failure', async () => {
    const { connector, server } = notesServer('notes')
    connector.fail('call', 'hang')
    const { orchestrator, events } = orchestrate([server])
    await orchestrator.connect()
    const controller = new AbortController()
    const reason = new Error('the user left')

    const call = orchestrator.callTool(whoami('notes'), { signal: controller.signal })
    controller.abort(reason)

    await expect(call).rejects.toBe(reason)
    expect(events.at(-1)).toMatchObject({ type: 'tool-called', outcome: 'aborted' })
    expect(orchestrator.getStatus().servers[0]).toMatchObject({ state: 'ready' })
    expect(orchestrator.getStatus().servers[0]).not.toHaveProperty('lastError')
  })

  it('says of a server that does not exist that it does not', async () => {
    const { orchestrator } = orchestrate([notesServer('notes').server])

    const outcome = await orchestrator.callTool(whoami('nodes'))

    expect(outcome).toMatchObject({ kind: 'failed', failure: { server: 'nodes', kind: 'refused' } })
  })

  it('does not call a second time when the first call may have done something', async () => {
    const { connector, server } = notesServer('notes')
    const { orchestrator } = orchestrate([server])
    await orchestrator.connect()
    connector.fail('call', 'closed', 1)

    const outcome = await orchestrator.callTool(whoami('notes'))

    expect(outcome).toMatchObject({ kind: 'failed', failure: { kind: 'closed' } })
    expect(connector.requests.filter(({ stage }) => stage === 'call')).toHaveLength(1)
  })

  it('reconnects and calls when the connection was lost before the call', async () => {
    const { connector, server } = notesServer('notes')
    const { orchestrator } = orchestrate([server])
    await orchestrator.connect()
    connector.disconnect()

    const outcome = await orchestrator.callTool(whoami('notes'))

    expect(outcome).toMatchObject({ kind: 'result', text: 'notes' })
  })
})

describe('the name of a tool', () => {
  it.for([
    ['sales__query', { server: 'sales', tool: 'query' }],
    ['a_b__c__d', { server: 'a_b', tool: 'c__d' }],
    ['a___b', { server: 'a', tool: '_b' }],
    ['query', undefined],
    ['__query', undefined],
    ['sales__', undefined],
  ] as const)('%s splits in one way', ([name, parts]) => {
    expect(splitToolName(name)).toEqual(parts)
  })
})
