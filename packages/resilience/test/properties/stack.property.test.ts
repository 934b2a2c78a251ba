import fc from 'fast-check'
import { standardStack, type Policy, type ResilienceListener } from '@t2t/resilience'
import {
  createFakeClock,
  createSeededRandom,
  scriptedOperation,
  type FakeClock,
  type ScriptStep,
} from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { Busy, listenersOn, turn } from '../fixtures.ts'

const step: fc.Arbitrary<ScriptStep<string>> = fc.oneof(
  fc.record({ afterMs: fc.integer({ min: 0, max: 3_000 }), value: fc.constant('done') }),
  fc.record({
    afterMs: fc.integer({ min: 0, max: 3_000 }),
    error: fc.constantFrom<Error>(new Busy(), new Error('No such table.')),
  }),
  fc.record({ hangs: fc.constant(true as const), isDeaf: fc.boolean() }),
)

const stacks = fc.record({
  isHedged: fc.boolean(),
  isLimited: fc.boolean(),
  isNarrow: fc.boolean(),
  totalMs: fc.integer({ min: 1, max: 20_000 }),
  attemptMs: fc.integer({ min: 1, max: 5_000 }),
  maxAttempts: fc.integer({ min: 1, max: 5 }),
  seed: fc.integer(),
})

type Terms = typeof stacks extends fc.Arbitrary<infer Value> ? Value : never

function stackOf(terms: Terms, clock: FakeClock, onEvent?: ResilienceListener): Policy {
  const { isHedged, isLimited, isNarrow, totalMs, attemptMs, maxAttempts, seed } = terms
  return standardStack({
    totalMs,
    attemptMs,
    ...(isHedged ? { hedge: { afterMs: 700, maxAttempts } } : { retry: { maxAttempts } }),
    limit: isLimited ? { ratePerSec: 1, burst: 1, maxWaitMs: 4_000 } : undefined,
    bulkhead: isNarrow ? { maxConcurrent: 1, maxQueued: 2 } : undefined,
    clock,
    random: createSeededRandom(seed),
    onEvent,
  })
}

/** Calls that begin one after the other, some of which are aborted. */
const callers = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 500 }),
    abortsAfterMs: fc.option(fc.integer({ min: 0, max: 8_000 }), { nil: undefined }),
  }),
  { minLength: 1, maxLength: 5 },
)

describe('the standard stack, whatever happens', () => {
  it('settles within one tick of an abort, and leaves no timer and no listener', async () => {
    await fc.assert(
      fc.asyncProperty(
        stacks,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        callers,
        async (terms, script, calls) => {
          const clock = createFakeClock({ advancesItself: false })
          const stack = stackOf(terms, clock)(scriptedOperation(script, clock))
          const signals: AbortSignal[] = []
          let settled = 0
          let late = 0

          for (const { waitMs, abortsAfterMs } of calls) {
            await clock.advance(waitMs)
            const caller = new AbortController()
            signals.push(caller.signal)
            let isSettled = false
            const settle = (): void => {
              isSettled = true
              settled += 1
            }
            stack({ signal: caller.signal }).then(settle, settle)
            if (abortsAfterMs !== undefined) {
              clock.after(abortsAfterMs, () => {
                caller.abort({ why: 'gone' })
                setImmediate(() => {
                  if (!isSettled) late += 1
                })
              })
            }
          }
          await clock.advance(60_000)
          await turn()

          expect({ settled, late }).toEqual({ settled: calls.length, late: 0 })
          expect(clock.pendingTimers).toBe(0)
          expect(signals.map(listenersOn)).toEqual(signals.map(() => 0))
        },
      ),
      { numRuns: 150 },
    )
  })

  it('has the same outcome whatever its listener does', async () => {
    await fc.assert(
      fc.asyncProperty(
        stacks,
        fc.array(step, { minLength: 1, maxLength: 6 }),
        async (terms, script) => {
          const listeners: readonly (ResilienceListener | undefined)[] = [
            undefined,
            () => {},
            () => {
              throw new Error('The listener failed.')
            },
          ]
          const outcomes: unknown[] = []

          for (const listener of listeners) {
            const clock = createFakeClock({ advancesItself: false })
            const operation = scriptedOperation(script, clock)
            const { signal } = new AbortController()
            const running = stackOf(terms, clock, listener)(operation)({ signal })
            const outcome = running.then(
              (value) => value,
              (error: unknown) => String(error),
            )
            await clock.advance(60_000)
            outcomes.push({ outcome: await outcome, at: operation.calls.map(({ at }) => at) })
          }

          expect(outcomes[1]).toEqual(outcomes[0])
          expect(outcomes[2]).toEqual(outcomes[0])
        },
      ),
      { numRuns: 100 },
    )
  })
})
