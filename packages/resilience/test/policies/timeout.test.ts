import {
  pipe,
  retry,
  TimedOutError,
  timeout,
  type Clock,
  type OperationContext,
} from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm, deaf, failureOf, hanging, listenersOn, turn } from '../fixtures.ts'

describe('timeout', () => {
  it('ends a call that takes too long, also when it does not listen', async () => {
    const clock = createFakeClock()
    const briefly = timeout({ afterMs: 500, clock })

    const failure = await failureOf(briefly(deaf)(calm()))

    expect(failure).toBeInstanceOf(TimedOutError)
    expect(failure).toMatchObject({
      code: 'RESILIENCE_TIMED_OUT',
      message: 'The attempt did not finish within 500 ms.',
      afterMs: 500,
      covers: 'attempt',
      retryable: true,
    })
    expect(clock.now()).toBe(500)
  })

  it('aborts the signal of the operation with its own error', async () => {
    const briefly = timeout({ afterMs: 500, covers: 'total', clock: createFakeClock() })
    let given: AbortSignal | undefined

    const failure = await failureOf(
      briefly(({ signal }) => {
        given = signal
        return deaf()
      })(calm()),
    )

    expect(given?.reason).toBe(failure)
    expect(failure).toMatchObject({
      message: 'The call did not finish within 500 ms.',
      retryable: false,
    })
  })

  it('settles with the reason of the caller at the moment of the abort', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const caller = new AbortController()
    const nested = pipe(timeout({ afterMs: 900, clock }), timeout({ afterMs: 500, clock }))

    const outcome = failureOf(nested(deaf)({ signal: caller.signal }))
    caller.abort('gone')

    expect(await outcome).toBe('gone')
    expect(clock.pendingTimers).toBe(0)
    expect(listenersOn(caller.signal)).toBe(0)
  })

  it('hands the abort of the caller on through nested scopes', async () => {
    const caller = new AbortController()
    const nested = pipe(timeout({ afterMs: 900 }), timeout({ afterMs: 500 }))
    let given: AbortSignal | undefined

    const outcome = failureOf(
      nested((context) => {
        given = context.signal
        return hanging(context)
      })({ signal: caller.signal }),
    )
    caller.abort('gone')

    expect(await outcome).toBe('gone')
    expect(given?.reason).toBe('gone')
  })

  it('ends calls in the order of their deadlines with one timer', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const slow = timeout({ afterMs: 300, clock })
    const fast = timeout({ afterMs: 100, clock })
    const ended: string[] = []
    const run = (name: string, operation: Promise<unknown>): void => {
      operation.catch(() => ended.push(`${name} at ${clock.now()}`))
    }

    run('slow', slow(deaf)(calm()))
    run('fast', fast(deaf)(calm()))
    await clock.advance(50)
    run('late', fast(deaf)(calm()))
    const timers = clock.pendingTimers
    await clock.advance(1_000)

    expect(timers).toBe(1)
    expect(ended).toEqual(['fast at 100', 'late at 150', 'slow at 300'])
    expect(clock.pendingTimers).toBe(0)
  })

  it('does not abort siblings or later calls', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const briefly = timeout({ afterMs: 100, clock })
    const signals: AbortSignal[] = []
    const remember = ({ signal }: OperationContext): Promise<never> => {
      signals.push(signal)
      return deaf()
    }

    void failureOf(briefly(remember)(calm()))
    await clock.advance(60)
    void failureOf(briefly(remember)(calm()))
    await clock.advance(40)
    void failureOf(briefly(remember)(calm()))

    expect(signals.map((signal) => signal.aborted)).toEqual([true, false, false])
    await clock.advance(100)
  })

  it('does not abort a stream that was returned, but lets the caller end it', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const caller = new AbortController()
    const nested = pipe(
      timeout({ afterMs: 200, covers: 'total', clock }),
      timeout({ afterMs: 100, clock }),
    )
    let given: AbortSignal | undefined

    const response = await nested(async ({ signal }) => {
      given = signal
      return new Response(new ReadableStream())
    })({ signal: caller.signal })
    await clock.advance(10_000)
    const abortedByTime = given?.aborted
    caller.abort('closed the page')

    expect(response.body?.locked).toBe(false)
    expect(abortedByTime).toBe(false)
    expect(given?.reason).toBe('closed the page')
  })

  it('leaves no listener and no timer behind when the call settles', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const { signal } = new AbortController()
    const nested = pipe(timeout({ afterMs: 200, clock }), timeout({ afterMs: 100, clock }))

    await nested(async () => 1)({ signal })
    await failureOf(
      nested(async () => {
        throw new Error('No such table.')
      })({ signal }),
    )
    await failureOf(
      nested(() => {
        throw new Error('Thrown before there was a promise.')
      })({ signal }),
    )

    expect(clock.pendingTimers).toBe(0)
    expect(listenersOn(signal)).toBe(0)
  })

  it('tells a retry inside when the time is over', async () => {
    const clock = createFakeClock()
    const patiently = pipe(
      timeout({ afterMs: 1_000, covers: 'total', clock }),
      retry({ maxAttempts: 9, firstPauseMs: 400, jitter: 'none', clock }),
      timeout({ afterMs: 100, clock }),
    )

    const failure = await failureOf(patiently(hanging)(calm()))

    expect(failure).toMatchObject({ reason: 'deadline', attempts: 2 })
    expect(clock.now()).toBe(600)
  })

  it('sets no timer for calls that settle within the tick, and one for all others', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const set: number[] = []
    const counting: Clock = {
      ...clock,
      now: () => clock.now(),
      after: (ms, callback) => {
        set.push(ms)
        return clock.after(ms, callback)
      },
    }
    const nested = pipe(
      timeout({ afterMs: 200, clock: counting }),
      timeout({ afterMs: 100, clock: counting }),
    )

    for (let call = 0; call < 10; call++) await nested(async () => call)(calm())
    await turn()
    const setForQuickCalls = set.length
    const longer = Array.from({ length: 10 }, () => nested(() => turn().then(turn))(calm()))
    await Promise.all(longer)

    expect({ setForQuickCalls, set }).toEqual({ setForQuickCalls: 0, set: [100] })
    expect(clock.pendingTimers).toBe(0)
  })
})
