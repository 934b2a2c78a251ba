import {
  OptionInvalidError,
  retry,
  RetriesExhaustedError,
  type ResilienceEvent,
} from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { Busy, busyFor, calm, failureOf, listenersOn, turn } from '../fixtures.ts'

function fail(): never {
  throw new Error('A listener failed.')
}

describe('retry', () => {
  it('gives the value of the first attempt that succeeds', async () => {
    const patiently = retry({ maxAttempts: 3, clock: createFakeClock() })

    const calls = await patiently(busyFor(2))(calm())

    expect(calls).toBe(3)
  })

  it('gives up after the last attempt and keeps its error as the cause', async () => {
    const patiently = retry({ maxAttempts: 2, clock: createFakeClock() })

    const failure = await failureOf(patiently(busyFor(9))(calm()))

    expect(failure).toBeInstanceOf(RetriesExhaustedError)
    expect(failure).toMatchObject({
      code: 'RESILIENCE_RETRIES_EXHAUSTED',
      message: 'Gave up after 2 attempts.',
      attempts: 2,
      reason: 'attempts',
      retryable: false,
      cause: new Busy(),
    })
  })

  it('rethrows an error that is not worth another attempt as it is', async () => {
    const fault = new Error('No such table.')
    const patiently = retry({ clock: createFakeClock() })
    let calls = 0

    const failure = await failureOf(
      patiently(async () => {
        calls += 1
        throw fault
      })(calm()),
    )

    expect({ failure, calls }).toEqual({ failure: fault, calls: 1 })
  })

  it('doubles its pauses up to the cap', async () => {
    const clock = createFakeClock()
    const patiently = retry({
      maxAttempts: 6,
      firstPauseMs: 100,
      maxPauseMs: 500,
      jitter: 'none',
      clock,
    })

    await failureOf(patiently(busyFor(9))(calm()))

    expect(clock.sleeps).toEqual([100, 200, 400, 500, 500])
  })

  it('waits as long as the server asks when that is longer', async () => {
    const clock = createFakeClock()
    const patiently = retry({ maxAttempts: 2, jitter: 'none', random: () => 0, clock })

    await failureOf(
      patiently(async () => {
        throw Object.assign(new Busy(), { retryAfterMs: 5_000 })
      })(calm()),
    )

    expect(clock.sleeps).toEqual([5_000])
  })

  it('waits its own pause when the server asks for a shorter one', async () => {
    const clock = createFakeClock()
    const patiently = retry({ maxAttempts: 2, firstPauseMs: 300, jitter: 'none', clock })

    await failureOf(
      patiently(async () => {
        throw Object.assign(new Busy(), { retryAfterMs: 10 })
      })(calm()),
    )

    expect(clock.sleeps).toEqual([300])
  })

  it('fails at once when the server asks for more than the cap, and says for how much', async () => {
    const clock = createFakeClock()
    const patiently = retry({ clock })

    const failure = await failureOf(
      patiently(async () => {
        throw Object.assign(new Busy(), { retryAfterMs: 60_001 })
      })(calm()),
    )

    expect(failure).toMatchObject({ attempts: 1, reason: 'retry-after', retryAfterMs: 60_001 })
    expect(clock.sleeps).toEqual([])
  })

  it('does not begin a pause that would outlast its own time or the deadline', async () => {
    const clock = createFakeClock()
    const within = retry({
      withinMs: 150,
      firstPauseMs: 100,
      jitter: 'none',
      maxAttempts: 9,
      clock,
    })
    const patiently = retry({ firstPauseMs: 100, jitter: 'none', maxAttempts: 9, clock })

    const first = await failureOf(within(busyFor(9))(calm()))
    const second = await failureOf(patiently(busyFor(9))({ ...calm(), deadline: clock.now() + 50 }))

    expect(first).toMatchObject({ reason: 'deadline', attempts: 2 })
    expect(second).toMatchObject({ reason: 'deadline', attempts: 1 })
  })

  it('ends its pause as soon as the caller aborts, and leaves nothing behind', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const caller = new AbortController()
    const reason = new Error('The browser was closed.')
    const patiently = retry({ clock })

    const outcome = failureOf(patiently(busyFor(9))({ signal: caller.signal }))
    await turn()
    const timersInPause = clock.pendingTimers
    caller.abort(reason)

    expect(await outcome).toBe(reason)
    expect(timersInPause).toBe(1)
    expect(clock.pendingTimers).toBe(0)
    expect(listenersOn(caller.signal)).toBe(0)
  })

  it('keeps a success that arrives after the caller aborted', async () => {
    const caller = new AbortController()

    const value = await retry()(async () => {
      caller.abort()
      return 'done'
    })({ signal: caller.signal })

    expect(value).toBe('done')
  })

  it('does not call the operation for a caller who is gone already', async () => {
    let calls = 0

    const failure = await failureOf(
      retry()(async () => {
        calls += 1
      })({ signal: AbortSignal.abort('gone') }),
    )

    expect({ failure, calls }).toEqual({ failure: 'gone', calls: 0 })
  })

  it('tells its listener what it does, in order', async () => {
    const events: ResilienceEvent[] = []
    const patiently = retry({
      name: 'orders',
      firstPauseMs: 100,
      jitter: 'none',
      clock: createFakeClock(),
      onEvent: (event) => events.push(event),
    })

    await patiently(busyFor(1))(calm())

    expect(events).toEqual([
      {
        type: 'attempt-failed',
        name: 'orders',
        attempt: 1,
        durationMs: 0,
        error: new Busy(),
        willRetry: true,
      },
      { type: 'pause-started', name: 'orders', attempt: 1, pauseMs: 100, retryAfterMs: undefined },
      { type: 'call-recovered', name: 'orders', attempts: 2, durationMs: 100 },
    ])
  })

  it.for<[string, () => unknown]>([
    ['throws', () => fail()],
    ['rejects', async () => fail()],
  ])('gives the same outcome when its listener %s', async ([, onEvent]) => {
    const patiently = retry({ clock: createFakeClock(), onEvent })

    expect(await patiently(busyFor(1))(calm())).toBe(2)
  })

  it('refuses options that cannot work', () => {
    expect(() => retry({ maxAttempts: 0 })).toThrow(OptionInvalidError)
    expect(() => retry({ maxAttempts: 0 })).toThrow(
      'maxAttempts must be an integer from 1 up, got 0.',
    )
    expect(() => retry({ firstPauseMs: -1 })).toThrow('firstPauseMs must be 0 or more, got -1.')
    expect(() => retry({ withinMs: Number.NaN })).toThrow(
      'withinMs must be a number above 0, got NaN.',
    )
  })
})
