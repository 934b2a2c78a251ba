import fc from 'fast-check'
import pRetry from 'p-retry'
import { retry, RetriesExhaustedError, type Jitter, type RetryOptions } from '@t2t/resilience'
import { createFakeClock, createSeededRandom, scriptedOperation } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { Busy, calm, failureOf } from '../fixtures.ts'

const jitters: readonly Jitter[] = ['full', 'equal', 'decorrelated', 'none']

const options = fc.record({
  maxAttempts: fc.integer({ min: 1, max: 8 }),
  firstPauseMs: fc.integer({ min: 0, max: 5_000 }),
  maxPauseMs: fc.integer({ min: 0, max: 20_000 }),
  jitter: fc.constantFrom(...jitters),
  seed: fc.integer(),
}) satisfies fc.Arbitrary<RetryOptions & { seed: number }>

/** The failures of an upstream, some with what it says about when, and then success. */
const failures = fc.array(
  fc.record({
    afterMs: fc.integer({ min: 0, max: 500 }),
    retryAfterMs: fc.option(fc.integer({ min: 0, max: 90_000 }), { nil: undefined }),
  }),
  { maxLength: 10 },
)

function upstream(
  script: readonly { afterMs: number; retryAfterMs: number | undefined }[],
  clock: ReturnType<typeof createFakeClock>,
): ReturnType<typeof scriptedOperation<string>> {
  const steps = script.map(({ afterMs, retryAfterMs }) => ({
    afterMs,
    error: Object.assign(new Busy(), { retryAfterMs }),
  }))
  return scriptedOperation<string>([...steps, { value: 'done' }], clock)
}

describe('retry, whatever its options and the upstream', () => {
  it('never makes more attempts than permitted, and gives up only for a reason', async () => {
    await fc.assert(
      fc.asyncProperty(options, failures, async ({ seed, ...terms }, script) => {
        const clock = createFakeClock()
        const operation = upstream(script, clock)
        const random = createSeededRandom(seed)

        const outcome = await retry({ ...terms, random, clock })(operation)(calm()).catch(
          (error: unknown) => (error instanceof RetriesExhaustedError ? error.attempts : error),
        )

        expect(operation.calls.length).toBeLessThanOrEqual(terms.maxAttempts)
        expect(['done', operation.calls.length]).toContain(outcome)
      }),
      { numRuns: 150 },
    )
  })

  it('never waits less than the server asked for', async () => {
    await fc.assert(
      fc.asyncProperty(options, failures, async ({ seed, ...terms }, script) => {
        const clock = createFakeClock()
        const operation = upstream(script, clock)
        const random = createSeededRandom(seed)

        await retry({ ...terms, random, clock })(operation)(calm()).catch(() => {})

        for (const [index, call] of operation.calls.slice(1).entries()) {
          const { afterMs, retryAfterMs = 0 } = script[index] ?? { afterMs: 0 }
          const failedAt = (operation.calls[index]?.at ?? 0) + afterMs
          expect(call.at - failedAt).toBeGreaterThanOrEqual(retryAfterMs - 1e-6)
          expect(retryAfterMs).toBeLessThanOrEqual(60_000)
        }
      }),
      { numRuns: 150 },
    )
  })

  it('never begins an attempt after its deadline', async () => {
    const limits = fc.record({
      deadline: fc.integer({ min: 1, max: 30_000 }),
      withinMs: fc.integer({ min: 1, max: 30_000 }),
    })
    await fc.assert(
      fc.asyncProperty(options, failures, limits, async ({ seed, ...terms }, script, limit) => {
        const clock = createFakeClock()
        const operation = upstream(script, clock)
        const random = createSeededRandom(seed)
        const { withinMs, deadline } = limit

        await retry({ ...terms, withinMs, random, clock })(operation)({
          ...calm(),
          deadline,
        }).catch(() => {})

        for (const { at } of operation.calls.slice(1)) {
          expect(at).toBeLessThanOrEqual(Math.min(withinMs, deadline))
        }
      }),
      { numRuns: 150 },
    )
  })

  it('keeps every pause between nothing and its cap, spread also at the cap', async () => {
    await fc.assert(
      fc.asyncProperty(options, async ({ seed, ...terms }) => {
        const clock = createFakeClock()
        const random = createSeededRandom(seed)

        await failureOf(
          retry({ ...terms, random, clock })(() => Promise.reject(new Busy()))(calm()),
        )

        for (const pause of clock.sleeps) {
          expect(pause).toBeGreaterThanOrEqual(0)
          expect(pause).toBeLessThanOrEqual(terms.maxPauseMs)
        }
      }),
    )
  })

  it.for(['full', 'equal', 'decorrelated'] as const)(
    'spreads pauses at the cap with %s jitter',
    async (jitter) => {
      const clock = createFakeClock()
      const random = createSeededRandom(7)
      const patiently = retry({
        maxAttempts: 50,
        firstPauseMs: 500,
        maxPauseMs: 1_000,
        jitter,
        random,
        clock,
      })

      await failureOf(patiently(() => Promise.reject(new Busy()))(calm()))

      expect(new Set(clock.sleeps.slice(5).map(Math.round)).size).toBeGreaterThan(20)
    },
  )

  it('makes the same attempts as p-retry and has the same outcome', async () => {
    const script = fc.array(fc.constantFrom('passing', 'final', 'success'), { maxLength: 8 })
    const retries = fc.integer({ min: 0, max: 6 })
    await fc.assert(
      fc.asyncProperty(script, retries, async (steps, count) => {
        const scripted = (): { calls: number; run: () => Promise<string> } => {
          const record = {
            calls: 0,
            run: async () => {
              const step = steps[record.calls] ?? 'success'
              record.calls += 1
              if (step === 'passing') throw new Busy()
              if (step === 'final') throw new Error('No such table.')
              return 'done'
            },
          }
          return record
        }
        const ours = scripted()
        const theirs = scripted()
        const patiently = retry({ maxAttempts: count + 1, firstPauseMs: 0 })

        const outcomes = await Promise.allSettled([
          patiently(ours.run)(calm()),
          pRetry(theirs.run, {
            retries: count,
            minTimeout: 0,
            shouldRetry: ({ error }) => error instanceof Busy,
          }),
        ])

        expect(ours.calls).toBe(theirs.calls)
        expect(outcomes[0].status).toBe(outcomes[1].status)
      }),
    )
  })
})
