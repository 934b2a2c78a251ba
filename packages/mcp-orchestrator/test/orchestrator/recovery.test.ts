import { ConnectionError } from '@t2t/mcp-orchestrator'
import { describe, expect, it } from 'vitest'
import { notesServer, orchestrate } from '../fixtures/scripted.ts'

const connectsOf = (connector: ReturnType<typeof notesServer>['connector']) =>
  connector.requests.filter(({ stage }) => stage === 'connect').length

describe('a server that cannot be reached', () => {
  it('is not tried again before its pause is over, and answers at once why', async () => {
    const { connector, server } = notesServer('late')
    connector.fail('connect', 'unreachable', 1)
    const { orchestrator, clock } = orchestrate([server])

    await orchestrator.gather()
    const during = await orchestrator.gather()
    await clock.advance(250)
    const after = await orchestrator.gather()

    expect(during.failures).toEqual([
      {
        server: 'late',
        stage: 'connect',
        kind: 'unreachable',
        message: 'The script says unreachable to connect; the next attempt has to wait.',
        retryAfterMs: 250,
      },
    ])
    expect(after).toMatchObject({ failures: [], isComplete: true })
    expect(connectsOf(connector)).toBe(2)
  })

  it('is tried after pauses that double, spread over their whole length', async () => {
    const { connector, server } = notesServer('down')
    connector.fail('connect', 'unreachable')
    const { orchestrator, clock } = orchestrate([server], { opensAfterFailures: 100 })
    const pauses: (number | undefined)[] = []

    for (let attempt = 0; attempt < 8; attempt++) {
      await orchestrator.gather()
      const pause = orchestrator.getStatus().servers[0]?.retryAfterMs
      pauses.push(pause)
      await clock.advance(pause ?? 0)
    }

    // Half of each, as the random source of this test says.
    expect(pauses).toEqual([250, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 15_000])
  })

  it('is tried at once by connect, whatever the pause', async () => {
    const { connector, server } = notesServer('late')
    connector.fail('connect', 'unreachable', 1)
    const { orchestrator } = orchestrate([server])
    await orchestrator.gather()

    expect(await orchestrator.connect()).toEqual([])
  })

  it('waits as long as it asked for', async () => {
    const { connector, server } = notesServer('busy')
    const busy = {
      description: 'busy',
      connect: async () => {
        throw new ConnectionError('unreachable', 'Too many.', { retryAfterMs: 7_000 })
      },
    }
    const { orchestrator } = orchestrate([{ ...server, connector: busy }])

    await orchestrator.gather()

    expect(orchestrator.getStatus().servers[0]).toMatchObject({ retryAfterMs: 7_000 })
    expect(connector.requests).toEqual([])
  })
})

describe('a server whose failure repeating does not mend', () => {
  it.for([
    ['refused', 'failed'],
    ['unauthorized', 'auth-required'],
  ] as const)('%s: is %s, and is tried again after half a minute', async ([kind, state]) => {
    const { connector, server } = notesServer('wrong')
    connector.fail('connect', kind)
    const { orchestrator, clock } = orchestrate([server])

    for (let question = 0; question < 10; question++) await orchestrator.gather()
    expect(orchestrator.getStatus().servers[0]?.state).toBe(state)
    expect(connectsOf(connector)).toBe(1)

    connector.heal()
    await clock.advance(30_000)
    expect((await orchestrator.gather()).failures).toEqual([])
    expect(orchestrator.getStatus().servers[0]?.state).toBe('ready')
  })

  it('does not open the circuit', async () => {
    const { connector, server } = notesServer('wrong')
    connector.fail('connect', 'refused')
    const { orchestrator, serverEvents } = orchestrate([server])

    for (let question = 0; question < 10; question++) await orchestrator.connect()

    expect(serverEvents).toEqual([])
  })
})

describe('a server that fails too often in a row', () => {
  async function fail(times: number) {
    const { connector, server } = notesServer('flaky', { timeoutMs: 100 })
    connector.fail('call', 'hang')
    const made = orchestrate([server])
    const call = () => made.orchestrator.callTool({ server: 'flaky', tool: 'whoami', input: {} })
    for (let index = 0; index < times; index++) await call()
    return { ...made, connector, call }
  }

  it('is degraded first, then left alone, and says for how long', async () => {
    const { orchestrator, serverEvents, connector, call } = await fail(4)
    expect(orchestrator.getStatus().servers[0]?.state).toBe('degraded')

    await call()
    const refused = await call()

    expect(orchestrator.getStatus().servers[0]).toMatchObject({ state: 'open', circuit: 'open' })
    expect(refused).toMatchObject({
      kind: 'failed',
      failure: { kind: 'unreachable', retryAfterMs: 5_625 },
    })
    expect(connector.requests.filter(({ stage }) => stage === 'call')).toHaveLength(5)
    expect(serverEvents).toEqual([{ type: 'circuit-opened', server: 'flaky', openForMs: 5_625 }])
  })

  it('is probed by one request alone', async () => {
    const { orchestrator, clock, connector, call } = await fail(5)
    await clock.advance(5_625)

    const probe = call()
    const others = await Promise.all([call(), call()])
    expect(orchestrator.getStatus().servers[0]?.state).toBe('half-open')
    await probe

    expect(others).toMatchObject([{ kind: 'failed' }, { kind: 'failed' }])
    expect(connector.requests.filter(({ stage }) => stage === 'call')).toHaveLength(6)
    expect(orchestrator.getStatus().servers[0]?.state).toBe('open')
  })

  it('is used again after a probe that it answered', async () => {
    const { orchestrator, clock, connector, serverEvents, call } = await fail(5)
    await clock.advance(5_625)
    connector.heal()

    expect(await call()).toMatchObject({ kind: 'result' })

    expect(orchestrator.getStatus().servers[0]?.state).toBe('ready')
    expect(serverEvents.map(({ type }) => type)).toEqual([
      'circuit-opened',
      'circuit-half-opened',
      'circuit-closed',
    ])
  })

  it('is asked again at once after connect', async () => {
    const { orchestrator, connector, serverEvents, call } = await fail(5)
    connector.heal()

    await orchestrator.connect()

    expect(await call()).toMatchObject({ kind: 'result' })
    expect(serverEvents.at(-1)).toEqual({ type: 'circuit-closed', server: 'flaky' })
  })

  it.for(['refused', 'invalid', 'unauthorized'] as const)(
    'but answers, if only with %s, is not left alone',
    async (kind) => {
      const { connector, server } = notesServer('strict')
      connector.fail('call', kind)
      const { orchestrator, serverEvents } = orchestrate([server])

      for (let index = 0; index < 10; index++) {
        await orchestrator.callTool({ server: 'strict', tool: 'whoami', input: {} })
      }

      expect(serverEvents).toEqual([])
    },
  )

  it('because its caller left is not left alone', async () => {
    const { connector, server } = notesServer('slow')
    connector.fail('call', 'hang')
    const { orchestrator, serverEvents } = orchestrate([server])
    await orchestrator.connect()

    for (let index = 0; index < 10; index++) {
      const controller = new AbortController()
      const call = orchestrator.callTool(
        { server: 'slow', tool: 'whoami', input: {} },
        { signal: controller.signal },
      )
      controller.abort(new Error('left'))
      await expect(call).rejects.toThrow('left')
    }

    expect(serverEvents).toEqual([])
    expect(orchestrator.getStatus().servers[0]?.state).toBe('ready')
  })
})

describe('a connection that is lost again and again', () => {
  it('is made anew at once the first time, and after a pause from then on', async () => {
    const { connector, server } = notesServer('crashing')
    const { orchestrator } = orchestrate([server])
    await orchestrator.gather()

    connector.disconnect()
    const first = await orchestrator.gather()
    connector.disconnect()
    const second = await orchestrator.gather()

    expect(first.failures).toEqual([])
    expect(second.failures).toMatchObject([{ kind: 'closed', retryAfterMs: 500 }])
  })

  it('is made anew at once when it had held for ten seconds', async () => {
    const { connector, server } = notesServer('resting')
    const { orchestrator, clock } = orchestrate([server])

    for (let round = 0; round < 5; round++) {
      expect((await orchestrator.gather()).failures).toEqual([])
      await clock.advance(10_000)
      connector.disconnect()
    }
  })
})

describe('the number of requests under way', () => {
  it('is bounded for each server', async () => {
    const { connector, server } = notesServer('narrow', { maxInFlight: 2 })
    connector.fail('call', 'hang')
    const { orchestrator } = orchestrate([server])
    await orchestrator.connect()
    const leave = new AbortController()
    const calls = [1, 2, 3].map(() =>
      orchestrator.callTool(
        { server: 'narrow', tool: 'whoami', input: {} },
        { signal: leave.signal },
      ),
    )
    await Promise.resolve()

    expect(orchestrator.getStatus().servers[0]?.inFlight).toBe(2)
    expect(connector.requests.filter(({ stage }) => stage === 'call')).toHaveLength(2)

    leave.abort(new Error('left'))
    await Promise.allSettled(calls)
    expect(orchestrator.getStatus().servers[0]?.inFlight).toBe(0)
  })

  it('is bounded for connecting to many servers, and all of them are connected to', async () => {
    const servers = Array.from({ length: 9 }, (_, index) => notesServer(`server-${index}`))
    const { orchestrator, clock } = orchestrate(
      servers.map(({ server }) => ({
        ...server,
        connector: {
          description: 'slow',
          connect: async (signal: AbortSignal) => {
            await clock.sleep(100, signal)
            return servers[0]?.connector.connect(signal) ?? Promise.reject(new Error('none'))
          },
        },
      })),
      { connectsAtOnce: 3 },
    )

    expect(await orchestrator.connect()).toEqual([])
    expect(clock.now()).toBe(300)
  })
})
