import { OptionInvalidError } from '../errors/errors.ts'
import type { RateLimit, RateLimitStore } from '../rate-limit/rate-limit-store.ts'

/** What is needed of a limiter of rate-limiter-flexible, whatever its store. */
export interface FlexibleLimiter {
  /** Units in each window. */
  readonly points: number
  /** The length of a window, in seconds. */
  readonly duration: number
  consume(key: string, points: number): Promise<FlexibleAnswer>
  penalty(key: string, points: number): Promise<unknown>
  reward(key: string, points: number): Promise<unknown>
}

/** What rate-limiter-flexible resolves with, and rejects with when a limit is reached. */
export interface FlexibleAnswer {
  readonly remainingPoints: number
  readonly msBeforeNext: number
}

/**
 * Turns a limiter of rate-limiter-flexible into a store for {@link createRateLimiter}, which brings
 * its stores for SQL databases, MongoDB, DynamoDB and Memcached.
 *
 * Closed by the adapter: a store that is away is told from a limit that is reached, and then
 * `whenStoreAway` decides; a limit that differs from the limiter's own is refused.
 *
 * Left as it is: windows are fixed, so up to twice the burst passes around an edge; nothing is taken
 * in advance, so `maxWaitMs` has no effect on it; refused calls are counted too.
 *
 * @example
 * ```ts
 * import { createRateLimiter } from '@t2t/resilience'
 * import { fromRateLimiterFlexible } from '@t2t/resilience/rate-limiter-flexible'
 * import { RateLimiterMemory } from 'rate-limiter-flexible'
 *
 * const store = fromRateLimiterFlexible(new RateLimiterMemory({ points: 20, duration: 4 }))
 * const perTenant = createRateLimiter({ ratePerSec: 5, burst: 20, store })
 * ```
 */
export function fromRateLimiterFlexible(limiter: FlexibleLimiter): RateLimitStore {
  return {
    take: async (key, cost, limit) => {
      checkSame(limiter, limit)
      try {
        const { remainingPoints } = await limiter.consume(key, cost)
        return { allowed: true, remaining: remainingPoints, waitMs: 0, retryAfterMs: 0 }
      } catch (answer) {
        if (!isAnswer(answer)) throw answer
        const retryAfterMs = cost > limit.burst ? Number.POSITIVE_INFINITY : answer.msBeforeNext
        return { allowed: false, remaining: answer.remainingPoints, waitMs: 0, retryAfterMs }
      }
    },
    adjust: async (key, cost) => {
      if (cost > 0) await limiter.penalty(key, cost)
      if (cost < 0) await limiter.reward(key, -cost)
    },
  }
}

function checkSame({ points, duration }: FlexibleLimiter, { ratePerSec, burst }: RateLimit): void {
  if (burst === points && Math.abs(ratePerSec * duration - points) < 1e-6) return
  throw new OptionInvalidError(
    `The limiter grants ${points} in ${duration} s, not ${burst} at ${ratePerSec} a second.`,
  )
}

function isAnswer(value: unknown): value is FlexibleAnswer {
  return typeof value === 'object' && value !== null && 'msBeforeNext' in value
}
