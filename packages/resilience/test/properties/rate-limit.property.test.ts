import fc from 'fast-check'
import {
  bulkhead,
  createMemoryRateLimitStore,
  createRateLimiter,
  rateLimit,
  type RateLimit,
} from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm } from '../fixtures.ts'

const limits = fc.record({
  ratePerSec: fc.double({ min: 0.1, max: 1_000, noNaN: true }),
  burst: fc.integer({ min: 1, max: 50 }),
})

const takes = fc.array(
  fc.record({ waitMs: fc.integer({ min: 0, max: 300 }), cost: fc.integer({ min: 0, max: 8 }) }),
  { minLength: 1, maxLength: 80 },
)

interface Granted {
  readonly at: number
  readonly cost: number
}

/** What the fullest window, of all that begin and end with a grant, holds beyond its limit. */
function mostBeyond(granted: readonly Granted[], limit: RateLimit): number {
  let most = Number.NEGATIVE_INFINITY
  for (const [from, first] of granted.entries()) {
    let sum = 0
    for (const { at, cost } of granted.slice(from)) {
      sum += cost
      const seconds = (at - first.at) / 1_000
      most = Math.max(most, sum - limit.burst - limit.ratePerSec * seconds)
    }
  }
  return most
}

describe('a bucket, whatever is taken from it', () => {
  it('never grants more than its burst and its rate in any window', async () => {
    await fc.assert(
      fc.asyncProperty(limits, takes, async (limit, schedule) => {
        const clock = createFakeClock({ advancesItself: false })
        const store = createMemoryRateLimitStore({ clock })
        const granted: Granted[] = []

        for (const { waitMs, cost } of schedule) {
          await clock.advance(waitMs)
          if (store.take('a', cost, limit).allowed) granted.push({ at: clock.now(), cost })
        }

        expect(mostBeyond(granted, limit)).toBeLessThanOrEqual(1e-6)
      }),
      { numRuns: 60 },
    )
  })

  it('never lets calls run closer together when they may wait for their turns', async () => {
    await fc.assert(
      fc.asyncProperty(limits, takes, async (limit, schedule) => {
        const clock = createFakeClock({ advancesItself: false })
        const gently = rateLimit({ ...limit, maxWaitMs: 2_000, clock })
        const granted: Granted[] = []
        const work = gently(async () => {
          granted.push({ at: clock.now(), cost: 1 })
        })

        for (const { waitMs } of schedule.slice(0, 40)) {
          await clock.advance(waitMs)
          work(calm()).catch(() => {})
        }
        await clock.advance(3_000)

        expect(mostBeyond(granted, limit)).toBeLessThanOrEqual(1e-6)
        expect(clock.pendingTimers).toBe(0)
      }),
      { numRuns: 40 },
    )
  })

  it('says exactly when there is room again', async () => {
    await fc.assert(
      fc.asyncProperty(limits, takes, async (limit, schedule) => {
        const clock = createFakeClock({ advancesItself: false })
        const store = createMemoryRateLimitStore({ clock })
        const answers: { readonly early: boolean; readonly inTime: boolean }[] = []

        for (const { waitMs, cost } of schedule) {
          await clock.advance(waitMs)
          const { allowed, retryAfterMs } = store.take('a', cost, limit)
          if (allowed || !(retryAfterMs > 0.01 && retryAfterMs < Number.POSITIVE_INFINITY)) continue
          await clock.advance(retryAfterMs - 0.01)
          const early = store.take('a', cost, limit).allowed
          await clock.advance(0.01 + 1e-6)
          answers.push({ early, inTime: store.take('a', cost, limit).allowed })
        }

        expect(answers).toEqual(answers.map(() => ({ early: false, inTime: true })))
      }),
      { numRuns: 40 },
    )
  })

  it('grants at most what was given back on top of that', async () => {
    await fc.assert(
      fc.asyncProperty(limits, takes, async (limit, schedule) => {
        const clock = createFakeClock({ advancesItself: false })
        const limiter = createRateLimiter({ ...limit, clock })
        const granted: Granted[] = []
        let givenBack = 0

        for (const { waitMs, cost } of schedule) {
          await clock.advance(waitMs)
          const take = await limiter.take('a', cost)
          if (!take.allowed) continue
          granted.push({ at: clock.now(), cost })
          const actual = Math.floor(cost / 2)
          await limiter.settle('a', cost, actual)
          givenBack += cost - actual
        }

        expect(mostBeyond(granted, limit)).toBeLessThanOrEqual(givenBack + 1e-6)
      }),
      { numRuns: 40 },
    )
  })
})

describe('bulkhead, whatever arrives', () => {
  it('never runs or queues more calls than permitted, and forgets none', async () => {
    const sizes = fc.record({
      maxConcurrent: fc.integer({ min: 1, max: 5 }),
      maxQueued: fc.integer({ min: 0, max: 5 }),
    })
    const calls = fc.array(
      fc.record({
        waitMs: fc.integer({ min: 0, max: 30 }),
        lengthMs: fc.integer({ min: 0, max: 100 }),
        abortsAfterMs: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
        fails: fc.boolean(),
      }),
      { maxLength: 40 },
    )
    await fc.assert(
      fc.asyncProperty(sizes, calls, async (size, schedule) => {
        const clock = createFakeClock({ advancesItself: false })
        const narrow = bulkhead({ ...size, clock })
        let running = 0
        let settled = 0
        const seen: { readonly running: number; readonly queued: number }[] = []

        for (const { waitMs, lengthMs, abortsAfterMs, fails } of schedule) {
          await clock.advance(waitMs)
          const caller = new AbortController()
          if (abortsAfterMs !== undefined) clock.after(abortsAfterMs, () => caller.abort('gone'))
          narrow(async ({ signal }) => {
            running += 1
            seen.push({ running, queued: narrow.queued() })
            try {
              await clock.sleep(lengthMs, signal)
              if (fails) throw new Error('No such table.')
            } finally {
              running -= 1
            }
          })({ signal: caller.signal }).then(
            () => (settled += 1),
            () => (settled += 1),
          )
          seen.push({ running, queued: narrow.queued() })
        }
        await clock.advance(10_000)

        const tooMany = seen.filter(
          (load) => load.running > size.maxConcurrent || load.queued > size.maxQueued,
        )
        expect(tooMany).toEqual([])
        expect(settled).toBe(schedule.length)
        expect({ running: narrow.running(), queued: narrow.queued() }).toEqual({
          running: 0,
          queued: 0,
        })
      }),
      { numRuns: 60 },
    )
  })
})
