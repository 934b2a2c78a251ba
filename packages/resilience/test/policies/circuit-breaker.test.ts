import {
  BulkheadFullError,
  circuitBreaker,
  CircuitOpenError,
  consecutiveFailures,
  failureRatio,
  RateLimitedError,
  type CircuitBreaker,
  type CircuitBreakerOptions,
  type ResilienceEvent,
} from '@t2t/resilience'
import { createFakeClock, scriptedOperation, type FakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm, deaf, failureOf, hanging } from '../fixtures.ts'

const fault = new Error('The upstream failed.')

async function fail(): Promise<never> {
  throw fault
}

async function work(): Promise<string> {
  return 'done'
}

function setUp(options: CircuitBreakerOptions = {}): {
  readonly clock: FakeClock
  readonly breaker: CircuitBreaker
  readonly events: ResilienceEvent[]
} {
  const clock = createFakeClock({ advancesItself: false })
  const events: ResilienceEvent[] = []
  const breaker = circuitBreaker({
    opensWhen: consecutiveFailures(3),
    openForMs: 1_000,
    random: () => 0,
    clock,
    onEvent: (event) => events.push(event),
    ...options,
  })
  return { clock, breaker, events }
}

async function failTimes(breaker: CircuitBreaker, times: number): Promise<void> {
  for (let call = 0; call < times; call++) await failureOf(breaker(fail)(calm()))
}

describe('circuitBreaker', () => {
  it('opens after the failures of its rule and then refuses without calling', async () => {
    const { clock, breaker } = setUp()
    const upstream = scriptedOperation([{ error: fault }], clock)

    for (let call = 0; call < 3; call++) await failureOf(breaker(upstream)(calm()))
    const refusal = await failureOf(breaker(upstream)(calm()))

    expect(breaker.state()).toBe('open')
    expect(upstream.calls).toHaveLength(3)
    expect(refusal).toBeInstanceOf(CircuitOpenError)
    expect(refusal).toMatchObject({
      code: 'RESILIENCE_CIRCUIT_OPEN',
      retryable: false,
      retryAfterMs: 1_000,
    })
  })

  it('closes when its probe succeeds', async () => {
    const { clock, breaker } = setUp()
    await failTimes(breaker, 3)

    await clock.advance(1_000)
    const value = await breaker(work)(calm())

    expect(value).toBe('done')
    expect(breaker.state()).toBe('closed')
  })

  it('stays open for twice as long each time a probe fails, up to the cap', async () => {
    const { clock, breaker, events } = setUp({ maxOpenForMs: 3_000 })
    await failTimes(breaker, 3)

    for (const pause of [1_000, 2_000, 3_000]) {
      await clock.advance(pause)
      await failTimes(breaker, 1)
    }

    const opened = events.filter((event) => event.type === 'circuit-opened')
    expect(opened.map(({ openForMs }) => openForMs)).toEqual([1_000, 2_000, 3_000, 3_000])
    expect(opened.map(({ because }) => because)).toEqual(['failures', 'probe', 'probe', 'probe'])
  })

  it('starts again with the short pause once it has closed', async () => {
    const { clock, breaker, events } = setUp()
    await failTimes(breaker, 3)
    await clock.advance(1_000)
    await failTimes(breaker, 1)
    await clock.advance(2_000)
    await breaker(work)(calm())

    await failTimes(breaker, 3)

    const opened = events.filter((event) => event.type === 'circuit-opened')
    expect(opened.map(({ openForMs, opens }) => [openForMs, opens])).toEqual([
      [1_000, 1],
      [2_000, 2],
      [1_000, 1],
    ])
  })

  it('forgets the outage once it has closed', async () => {
    const { clock, breaker } = setUp({ opensWhen: failureRatio({ overCalls: 4, minCalls: 4 }) })
    await failTimes(breaker, 4)
    await clock.advance(1_000)
    await breaker(work)(calm())

    await failTimes(breaker, 3)

    expect(breaker.state()).toBe('closed')
  })

  it('spreads its pauses by up to a quarter', async () => {
    const { breaker, events } = setUp({ random: () => 0.999 })

    await failTimes(breaker, 3)

    const [opened] = events.filter((event) => event.type === 'circuit-opened')
    expect(opened?.openForMs).toBeGreaterThan(1_249)
    expect(opened?.openForMs).toBeLessThan(1_250)
  })

  it('does not stay open longer because of calls that fail while it is open', async () => {
    const { clock, breaker } = setUp()
    const early = failureOf(breaker(() => clock.sleep(500).then(fail))(calm()))
    await failTimes(breaker, 3)

    await clock.advance(900)
    await early
    await failTimes(breaker, 2)
    await clock.advance(100)

    expect(await breaker(work)(calm())).toBe('done')
  })

  it('lets exactly its probes through while half-open and fails the others at once', async () => {
    const { clock, breaker } = setUp({ probes: 2 })
    await failTimes(breaker, 3)
    await clock.advance(1_000)
    let reached = 0
    const slow = async (): Promise<void> => {
      reached += 1
      await clock.sleep(50)
    }

    const outcomes = Promise.allSettled(Array.from({ length: 10 }, () => breaker(slow)(calm())))
    await clock.advance(0)
    const stateBefore = breaker.state()
    await clock.advance(50)

    expect(reached).toBe(2)
    expect(stateBefore).toBe('half-open')
    expect(breaker.state()).toBe('closed')
    const refused = (await outcomes).filter(({ status }) => status === 'rejected')
    expect(refused).toHaveLength(8)
  })

  it('is not kept half-open by a probe that hangs', async () => {
    const { clock, breaker } = setUp({ maxProbeMs: 5_000 })
    await failTimes(breaker, 3)
    await clock.advance(1_000)
    void breaker(deaf)(calm())

    await clock.advance(5_000)
    await failureOf(breaker(work)(calm()))
    const stateAfter = breaker.state()
    await clock.advance(2_000)

    expect(stateAfter).toBe('open')
    expect(await breaker(work)(calm())).toBe('done')
  })

  it('ignores the late success of a call from before it opened', async () => {
    const { clock, breaker } = setUp()
    const late = breaker(() => clock.sleep(1_500).then(work))(calm())
    await failTimes(breaker, 3)
    await clock.advance(1_000)
    const probe = failureOf(breaker(() => clock.sleep(1_000).then(fail))(calm()))

    await clock.advance(500)
    await late
    const stateAfterLateSuccess = breaker.state()
    await clock.advance(500)
    await probe

    expect(stateAfterLateSuccess).toBe('half-open')
    expect(breaker.state()).toBe('open')
  })

  it('ignores the late failure of a call from before it closed', async () => {
    const { clock, breaker } = setUp({ opensWhen: consecutiveFailures(1) })
    const late = failureOf(breaker(() => clock.sleep(1_500).then(fail))(calm()))
    await failTimes(breaker, 1)
    await clock.advance(1_000)
    await breaker(work)(calm())

    await clock.advance(500)
    await late

    expect(breaker.state()).toBe('closed')
  })

  it.for([
    ['400', Object.assign(new Error('Bad request.'), { status: 400 })],
    ['429', Object.assign(new Error('Too many.'), { status: 429 })],
    ['a syntax error', Object.assign(new Error('Syntax.'), { code: '42601' })],
    ['a full bulkhead', new BulkheadFullError('Full.')],
    ['a rate limit', new RateLimitedError('Limited.')],
    ['another open circuit', new CircuitOpenError('Open.')],
  ])('does not count %s', async ([, error]) => {
    const { breaker } = setUp()

    for (let call = 0; call < 9; call++) {
      await failureOf(breaker(() => Promise.reject(error))(calm()))
    }

    expect(breaker.state()).toBe('closed')
  })

  it('does not count an abort by the caller, and gives its probe to another call', async () => {
    const { clock, breaker } = setUp()
    await failTimes(breaker, 3)
    await clock.advance(1_000)
    const caller = new AbortController()

    const probe = failureOf(breaker(hanging)({ signal: caller.signal }))
    caller.abort('gone')
    await probe
    const stateAfterAbort = breaker.state()

    expect(stateAfterAbort).toBe('half-open')
    expect(await breaker(work)(calm())).toBe('done')
    expect(breaker.state()).toBe('closed')
  })

  it('goes on from a saved state', async () => {
    const { clock, breaker } = setUp()
    await failTimes(breaker, 3)
    await clock.advance(400)
    const saved = JSON.parse(JSON.stringify(breaker.snapshot()))

    const restored = circuitBreaker({ clock, restore: saved })
    const refusal = await failureOf(restored(work)(calm()))
    await clock.advance(600)

    expect(saved).toEqual({ state: 'open', openUntil: 1_700_000_001_000, opens: 1 })
    expect(refusal).toMatchObject({ retryAfterMs: 600 })
    expect(await restored(work)(calm())).toBe('done')
    expect(restored.snapshot()).toEqual({ state: 'closed', openUntil: 0, opens: 0 })
  })

  it('counts failures that are reported after the operation returned', async () => {
    const { breaker } = setUp()

    for (let report = 0; report < 3; report++) breaker.report(fault)

    expect(breaker.state()).toBe('open')
  })

  it('tells its listener of every transition', async () => {
    const { clock, breaker, events } = setUp({ name: 'rates' })
    await failTimes(breaker, 4)
    await clock.advance(1_000)
    await breaker(work)(calm())

    expect(events).toEqual([
      { type: 'circuit-opened', name: 'rates', because: 'failures', openForMs: 1_000, opens: 1 },
      { type: 'call-refused', name: 'rates', by: 'circuit', retryAfterMs: 1_000 },
      { type: 'circuit-half-opened', name: 'rates', probes: 1 },
      { type: 'circuit-closed', name: 'rates', durationMs: 1_000 },
    ])
  })
})
