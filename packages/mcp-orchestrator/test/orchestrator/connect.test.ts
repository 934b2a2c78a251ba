import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

describe('an orchestrator that connects', () => {
  it('connects to all servers at once and reports those that fail', async () => {
    const clock = createFakeClock()
    const dead = notesServer('dead', { delayMs: 200, clock })
    dead.connector.fail('connect', 'refused')
    const orchestrator = createOrchestrator({
      servers: [notesServer('alive', { delayMs: 200, clock }).server, dead.server],
      clock,
    })

    const failures = await orchestrator.connect()

    expect(clock.now()).toBe(200)
    expect(failures).toMatchObject([{ server: 'dead', stage: 'connect', kind: 'refused' }])
    expect(orchestrator.getStatus()).toEqual({
      servers: [
        {
          name: 'alive',
          priority: 10,
          isRequired: false,
          state: 'ready',
          description: 'scripted',
          connects: 1,
          inFlight: 0,
          circuit: 'closed',
          cache: { hits: 0, misses: 0, stale: 0, entries: 0, bytes: 0 },
        },
        {
          name: 'dead',
          priority: 10,
          isRequired: false,
          state: 'failed',
          description: 'scripted',
          connects: 0,
          inFlight: 0,
          circuit: 'closed',
          cache: { hits: 0, misses: 0, stale: 0, entries: 0, bytes: 0 },
          lastError: 'The script says refused to connect.',
          lastErrorAt: 1_700_000_000_200,
          retryAfterMs: 30_000,
        },
      ],
    })
  })

  it('makes one connection for all who need it at the same time', async () => {
    const { connector, server } = notesServer('shared')
    const { orchestrator } = orchestrate([server])

    await Promise.all([
      orchestrator.connect(),
      orchestrator.gather(),
      orchestrator.callTool({ server: 'shared', tool: 'whoami', input: {} }),
    ])

    expect(connector.requests.filter(({ stage }) => stage === 'connect')).toHaveLength(1)
    expect(connector.openConnections).toBe(1)
  })

  it('goes on connecting for the others when one caller leaves', async () => {
    const clock = createFakeClock()
    const { connector, server } = notesServer('shared', { delayMs: 100, clock })
    const orchestrator = createOrchestrator({ servers: [server], clock })
    const controller = new AbortController()
    const reason = new Error('left')

    const leaving = orchestrator.connect({ signal: controller.signal })
    const staying = orchestrator.connect()
    controller.abort(reason)

    await expect(leaving).rejects.toBe(reason)
    expect(await staying).toEqual([])
    expect(connector.openConnections).toBe(1)
  })

  it('stops connecting when the last caller leaves, and can start anew at once', async () => {
    const { connector, server } = notesServer('hanging')
    connector.fail('connect', 'hang', 1)
    const { orchestrator, events } = orchestrate([server])
    const controller = new AbortController()
    const leaving = orchestrator.connect({ signal: controller.signal })
    controller.abort(new Error('left'))
    await expect(leaving).rejects.toThrow('left')

    const again = await orchestrator.connect()

    expect(again).toEqual([])
    expect(events.map(({ type }) => type)).toEqual(['server-connected'])
  })

  it('reconnects when the connection was lost between two gatherings', async () => {
    const { connector, server } = notesServer('killed')
    const { orchestrator } = orchestrate([server])
    await orchestrator.gather()

    connector.disconnect()
    const { items, failures } = await orchestrator.gather()

    expect({ items: items.length, failures }).toEqual({ items: 2, failures: [] })
    expect(connector.requests.filter(({ stage }) => stage === 'connect')).toHaveLength(2)
  })

  it('reports a lost connection as a failure when the server stays away', async () => {
    const { connector, server } = notesServer('killed')
    const { orchestrator, events } = orchestrate([server])
    await orchestrator.connect()

    connector.disconnect()
    connector.fail('connect', 'unreachable')
    const { failures } = await orchestrator.gather()

    expect(failures).toMatchObject([{ server: 'killed', stage: 'connect', kind: 'unreachable' }])
    expect(events.map(({ type }) => type)).toEqual([
      'server-connected',
      'server-failed',
      'server-failed',
      'gather-finished',
    ])
    expect(orchestrator.getStatus().servers[0]?.state).toBe('degraded')
  })
})

describe('an orchestrator that closes', () => {
  it('closes every connection, says so, and is of no use then', async () => {
    const { connector, server } = notesServer('one')
    const { orchestrator } = orchestrate([server])
    await orchestrator.connect()

    await orchestrator.close()
    await orchestrator.close()

    expect(connector.openConnections).toBe(0)
    expect(orchestrator.getStatus().servers[0]?.state).toBe('closed')
    await expect(orchestrator.gather()).rejects.toMatchObject({ code: 'MCP_ORCHESTRATOR_CLOSED' })
  })

  it('ends what is under way as closed', async () => {
    const { connector, server } = notesServer('one')
    connector.fail('call', 'hang')
    const { orchestrator } = orchestrate([server])
    await orchestrator.connect()

    const call = orchestrator.callTool({ server: 'one', tool: 'whoami', input: {} })
    await orchestrator.close()

    expect(await call).toMatchObject({ kind: 'failed', failure: { kind: 'closed' } })
  })

  it('closes a connection that arrives while it closes', async () => {
    const clock = createFakeClock()
    const { connector, server } = notesServer('slow')
    const slow = {
      description: 'deaf',
      connect: async () => {
        await clock.sleep(50)
        return connector.connect(new AbortController().signal)
      },
    }
    const orchestrator = createOrchestrator({ servers: [{ ...server, connector: slow }], clock })

    const connecting = orchestrator.connect()
    await orchestrator.close()

    expect(await connecting).toMatchObject([{ kind: 'closed' }])
    expect(connector.openConnections).toBe(0)
  })

  it('does not wait longer than five seconds for a server that does not let go', async () => {
    const { connector, server } = notesServer('stuck')
    const stuck = {
      description: 'stuck',
      connect: async (signal: AbortSignal) => ({
        ...(await connector.connect(signal)),
        close: () => Promise.withResolvers<void>().promise,
      }),
    }
    const { orchestrator, clock } = orchestrate([{ ...server, connector: stuck }])
    await orchestrator.connect()

    await orchestrator.close()

    expect(clock.now()).toBe(5_000)
  })

  it('closes itself at the end of its scope', async () => {
    const { connector, server } = notesServer('one')
    {
      await using orchestrator = createOrchestrator({ servers: [server] })
      await orchestrator.connect()
      expect(connector.openConnections).toBe(1)
    }

    expect(connector.openConnections).toBe(0)
  })
})
