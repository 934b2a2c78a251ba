import Bottleneck from 'bottleneck'
import {
  bulkhead,
  BulkheadFullError,
  circuitBreaker,
  consecutiveFailures,
  failureRatio,
  pipe,
  rateLimit,
  retry,
  timeout,
  type Operation,
} from '@t2t/resilience'
import { createFakeClock, createSeededRandom, scriptedOperation } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { Busy, calm, deaf, failureOf, hanging, listenersOn, turn } from '../fixtures.ts'

const fault = new Error('The upstream failed.')
const fail = (): Promise<never> => Promise.reject(fault)
const work = async (): Promise<string> => 'done'

describe('a circuit breaker, unlike others,', () => {
  it('is not wedged by a probe that hangs, without any timeout around it', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const breaker = circuitBreaker({ opensWhen: consecutiveFailures(1), openForMs: 100, clock })
    await failureOf(breaker(fail)(calm()))
    await clock.advance(200)
    void breaker(deaf)(calm())

    await clock.advance(30_000)
    await failureOf(breaker(work)(calm()))
    await clock.advance(300)

    expect(await breaker(work)(calm())).toBe('done')
  })

  it('is not closed by the late success of a call from before the outage', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const breaker = circuitBreaker({ opensWhen: consecutiveFailures(1), openForMs: 100, clock })
    const old = breaker(() => clock.sleep(300).then(work))(calm())
    await failureOf(breaker(fail)(calm()))
    await clock.advance(200)
    void breaker(deaf)(calm())

    await clock.advance(100)
    await old

    expect(breaker.state()).toBe('half-open')
  })

  it('does not open after a single failed call by default', async () => {
    const breaker = circuitBreaker()

    await failureOf(breaker(fail)(calm()))

    expect(breaker.state()).toBe('closed')
  })

  it('opens when all calls fail and its ratio is 1', async () => {
    const breaker = circuitBreaker({
      opensWhen: failureRatio({ ratio: 1, minCalls: 50, overCalls: 50 }),
    })

    for (let call = 0; call < 50; call++) await failureOf(breaker(fail)(calm()))

    expect(breaker.state()).toBe('open')
  })

  it('counts outcomes only: calls under way are no successes', async () => {
    const breaker = circuitBreaker({ opensWhen: failureRatio({ overCalls: 100, minCalls: 40 }) })
    for (let call = 0; call < 100; call++) void breaker(deaf)(calm())

    for (let call = 0; call < 40; call++) await failureOf(breaker(fail)(calm()))

    expect(breaker.state()).toBe('open')
  })

  it('aborts neither siblings nor later calls because one timed out', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const policy = pipe(circuitBreaker({ clock }), timeout({ afterMs: 100, clock }))
    const signals: AbortSignal[] = []
    const remember: Operation<never> = ({ signal }) => {
      signals.push(signal)
      return deaf()
    }
    void failureOf(policy(remember)(calm()))
    await clock.advance(50)
    void failureOf(policy(remember)(calm()))
    await clock.advance(50)
    void failureOf(policy(remember)(calm()))

    expect(signals.map(({ aborted }) => aborted)).toEqual([true, false, false])
    await clock.advance(100)
  })

  it('is not opened by a full bulkhead inside of it', async () => {
    const breaker = circuitBreaker({ opensWhen: consecutiveFailures(2) })
    const policy = pipe(breaker, bulkhead({ maxConcurrent: 1 }))
    void policy(deaf)(calm())

    const refusals = await Promise.all([1, 2, 3, 4].map(() => failureOf(policy(work)(calm()))))

    expect(refusals.every((error) => error instanceof BulkheadFullError)).toBe(true)
    expect(breaker.state()).toBe('closed')
  })

  it('takes the abort of a caller neither for a failure nor for a success', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const breaker = circuitBreaker({ opensWhen: consecutiveFailures(1), openForMs: 100, clock })
    const aborted = async (): Promise<unknown> => {
      const caller = new AbortController()
      const outcome = failureOf(breaker(hanging)({ signal: caller.signal }))
      caller.abort('gone')
      return outcome
    }

    await aborted()
    const whileClosed = breaker.state()
    await failureOf(breaker(fail)(calm()))
    await clock.advance(200)
    await aborted()

    expect([whileClosed, breaker.state()]).toEqual(['closed', 'half-open'])
  })

  it('fails surplus calls at once while its probe runs', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const breaker = circuitBreaker({ opensWhen: consecutiveFailures(1), openForMs: 100, clock })
    await failureOf(breaker(fail)(calm()))
    await clock.advance(200)
    void breaker(() => clock.sleep(200))(calm())

    const refusal = await failureOf(breaker(work)(calm()))

    expect({ refusal, at: clock.now() }).toMatchObject({
      refusal: { code: 'RESILIENCE_CIRCUIT_OPEN' },
      at: 200,
    })
    await clock.advance(200)
  })
})

describe('a retry, unlike others,', () => {
  it('honours what the server says about when, and cannot be told to skip the pause', async () => {
    const clock = createFakeClock()
    const limited = Object.assign(new Error('Too many.'), {
      status: 429,
      headers: new Headers({ 'retry-after': '2' }),
    })
    const upstream = scriptedOperation<never>([{ error: limited }], clock)

    await failureOf(retry({ maxAttempts: 4, firstPauseMs: 0, clock })(upstream)(calm()))

    const pauses = upstream.calls
      .slice(1)
      .map(({ at }, index) => at - (upstream.calls[index]?.at ?? 0))
    expect(pauses).toHaveLength(3)
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(2_000)
  })

  it('does not add the pause of the server to its own, and ends both at an abort', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const caller = new AbortController()
    const busy = Object.assign(new Busy(), { retryAfterMs: 100 })
    const patiently = retry({ firstPauseMs: 200, jitter: 'none', clock })
    const outcome = failureOf(patiently(() => Promise.reject(busy))({ signal: caller.signal }))
    await clock.advance(150)

    caller.abort('gone')

    expect(await outcome).toBe('gone')
    expect(clock.sleeps).toEqual([200])
    expect(listenersOn(caller.signal)).toBe(0)
  })

  it('gives up before a pause that its time cuts short, instead of retrying early', async () => {
    const clock = createFakeClock()
    const upstream = scriptedOperation<never>([{ error: new Busy() }], clock)
    const patiently = retry({ withinMs: 150, firstPauseMs: 1_000, jitter: 'none', clock })

    const failure = await failureOf(patiently(upstream)(calm()))

    expect(failure).toMatchObject({ attempts: 1, reason: 'deadline' })
    expect(clock.now()).toBe(0)
  })

  it('spreads its pauses at the cap too', async () => {
    const clock = createFakeClock()
    const random = createSeededRandom(3)
    const patiently = retry({ maxAttempts: 6, firstPauseMs: 60, maxPauseMs: 60, random, clock })

    await failureOf(patiently(() => Promise.reject(new Busy()))(calm()))

    expect(new Set(clock.sleeps).size).toBe(5)
  })

  it('does not turn a success into a failure because of an abort', async () => {
    const caller = new AbortController()

    const value = await retry()(async () => {
      caller.abort('gone')
      return 'done'
    })({ signal: caller.signal })

    expect(value).toBe('done')
  })

  it('recognises a network error by its code, not by its words', async () => {
    const clock = createFakeClock()
    const cause = Object.assign(new Error('read'), { code: 'ECONNRESET' })
    const worded = new TypeError('Verbindung verloren.', { cause })
    const upstream = scriptedOperation<string>([{ error: worded }, { value: 'done' }], clock)

    expect(await retry({ clock })(upstream)(calm())).toBe('done')
  })
})

describe('a timeout, unlike others,', () => {
  it('does not abort the body of a response that was returned', async () => {
    const clock = createFakeClock({ advancesItself: false })
    let given: AbortSignal | undefined

    const response = await timeout({ afterMs: 100, clock })(async ({ signal }) => {
      given = signal
      return new Response(
        new ReadableStream({
          start: (controller) => {
            signal.addEventListener('abort', () => controller.error(signal.reason))
            void clock.sleep(5_000).then(() => {
              controller.enqueue(new TextEncoder().encode('late'))
              controller.close()
            })
          },
        }),
      )
    })(calm())
    await clock.advance(5_000)

    expect(await response.text()).toBe('late')
    expect(given?.aborted).toBe(false)
  })
})

describe('a rate limit, unlike others,', () => {
  it('grants no double amount around the edge of a window', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const gently = rateLimit({ ratePerSec: 5, burst: 5, maxWaitMs: 5_000, clock })
    const at: number[] = []
    await clock.advance(900)

    for (let job = 0; job < 10; job++) {
      void gently(async () => at.push(clock.now()))(calm())
    }
    await clock.advance(5_000)

    expect(at.map(Math.round)).toEqual([900, 900, 900, 900, 900, 1_100, 1_300, 1_500, 1_700, 1_900])
  })

  it('refills at its rate, not in steps of a heartbeat', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const gently = rateLimit({ ratePerSec: 50, burst: 5, maxWaitMs: 5_000, clock })
    const at: number[] = []

    for (let job = 0; job < 15; job++) void gently(async () => at.push(clock.now()))(calm())
    await clock.advance(5_000)

    expect(Math.round(at.at(-1) ?? 0)).toBe(200)
  })

  it('refuses with a code, where others give a message only', async () => {
    const limiter = new Bottleneck({ highWater: 0, maxConcurrent: 1, strategy: 2 })
    void limiter.schedule(turn)
    const theirs = await failureOf(limiter.schedule(work))
    const gently = rateLimit({ ratePerSec: 1, burst: 1 })
    await gently(work)(calm())

    expect(theirs).not.toHaveProperty('code')
    expect(await failureOf(gently(work)(calm()))).toHaveProperty('code', 'RESILIENCE_RATE_LIMITED')
  })
})

describe('a bulkhead, unlike others,', () => {
  it('keeps the place of an operation that goes on after its time', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const narrow = bulkhead({ maxConcurrent: 1 })
    const bounded = pipe(timeout({ afterMs: 50, clock }), narrow)
    const late = failureOf(bounded(() => clock.sleep(500))(calm()))
    await clock.advance(50)
    await late

    const whileItGoesOn = await failureOf(bounded(work)(calm()))
    await clock.advance(450)

    expect(whileItGoesOn).toBeInstanceOf(BulkheadFullError)
    expect(await bounded(work)(calm())).toBe('done')
  })
})
