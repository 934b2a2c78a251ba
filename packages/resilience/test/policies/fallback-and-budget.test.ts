import {
  budget,
  createRetryBudget,
  fallback,
  pipe,
  retry,
  type ResilienceEvent,
} from '@t2t/resilience'
import { createFakeClock, scriptedOperation } from '@t2t/resilience/testing'
import { describe, expect, expectTypeOf, it } from 'vitest'
import { Busy, busyFor, calm, deaf, failureOf, hanging } from '../fixtures.ts'

const fault = new Error('No such table.')

describe('fallback', () => {
  it('gives something else when the operation failed, typed as either', async () => {
    const events: ResilienceEvent[] = []
    const orElse = fallback(async () => 'yesterday', { onEvent: (event) => events.push(event) })
    const wrapped = orElse((): Promise<number> => Promise.reject(fault))

    const value = await wrapped(calm())

    expectTypeOf(value).toEqualTypeOf<string | number>()
    expect(value).toBe('yesterday')
    expect(events).toEqual([{ type: 'fallback-used', name: 'fallback', error: fault }])
  })

  it('is not used when the caller aborted, or for errors it is not meant for', async () => {
    const caller = new AbortController()
    const orElse = fallback(() => 'yesterday', { shouldFallBack: (error) => error !== fault })

    const aborted = failureOf(orElse(hanging)({ signal: caller.signal }))
    caller.abort('gone')

    expect(await aborted).toBe('gone')
    expect(await failureOf(orElse(() => Promise.reject(fault))(calm()))).toBe(fault)
  })
})

describe('budget', () => {
  it('is shared by nested retries', async () => {
    const clock = createFakeClock()
    const query = scriptedOperation<never>([{ error: new Busy() }], clock)
    const patiently = retry({ maxAttempts: 3, clock, shouldRetry: () => true })
    const nested = pipe(
      budget({ withinMs: 60_000, maxExtraAttempts: 4, clock }),
      patiently,
    )((context) => patiently(query)(context))

    const failure = await failureOf(nested(calm()))

    expect(query.calls).toHaveLength(5)
    expect(failure).toMatchObject({ code: 'RESILIENCE_RETRIES_EXHAUSTED', reason: 'retry-budget' })
  })

  it('takes from the outer allowance too', async () => {
    const clock = createFakeClock()
    const query = scriptedOperation<never>([{ error: new Busy() }], clock)
    const nested = pipe(
      budget({ withinMs: 60_000, maxExtraAttempts: 1, clock }),
      budget({ withinMs: 60_000, maxExtraAttempts: 9, clock }),
      retry({ maxAttempts: 9, clock }),
    )

    await failureOf(nested(query)(calm()))

    expect(query.calls).toHaveLength(2)
  })

  it('ends the call when its time is over', async () => {
    const clock = createFakeClock()

    const failure = await failureOf(
      budget({ withinMs: 700, maxExtraAttempts: 0, clock })(deaf)(calm()),
    )

    expect(failure).toMatchObject({ code: 'RESILIENCE_TIMED_OUT', covers: 'total', afterMs: 700 })
  })
})

describe('createRetryBudget', () => {
  it('keeps repeated calls a small share of all calls when everything fails', async () => {
    const clock = createFakeClock()
    const shared = createRetryBudget({ repeatsPerCall: 0.1, repeatsPerSec: 0, maxSaved: 10, clock })
    const query = scriptedOperation<never>([{ error: new Busy() }], clock)
    const patiently = retry({ maxAttempts: 4, firstPauseMs: 0, budget: shared, clock })

    for (let call = 0; call < 500; call++) await failureOf(patiently(query)(calm()))

    expect(query.calls.length).toBeGreaterThanOrEqual(550)
    expect(query.calls.length).toBeLessThanOrEqual(560)
  })

  it('permits a quiet program to retry', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const shared = createRetryBudget({ repeatsPerCall: 0, repeatsPerSec: 1, maxSaved: 1, clock })
    const granted = [shared.takeRepeat(), shared.takeRepeat()]

    await clock.advance(1_000)
    granted.push(shared.takeRepeat(), shared.takeRepeat())

    expect(granted).toEqual([true, false, true, false])
  })

  it('leaves calls alone that recover', async () => {
    const clock = createFakeClock()
    const patiently = retry({ budget: createRetryBudget({ clock }), clock })

    expect(await patiently(busyFor(2))(calm())).toBe(3)
  })
})
