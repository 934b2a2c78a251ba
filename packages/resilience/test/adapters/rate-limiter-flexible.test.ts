import { RateLimiterMemory } from 'rate-limiter-flexible'
import { createRateLimiter, rateLimit } from '@t2t/resilience'
import {
  fromRateLimiterFlexible,
  type FlexibleLimiter,
} from '@t2t/resilience/rate-limiter-flexible'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { calm, failureOf } from '../fixtures.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('fromRateLimiterFlexible', () => {
  it('grants and refuses as the limiter does', async () => {
    const store = fromRateLimiterFlexible(new RateLimiterMemory({ points: 2, duration: 1 }))
    const gently = rateLimit({ ratePerSec: 2, burst: 2, store })
    const work = gently(async () => 'done')

    const values = [await work(calm()), await work(calm())]
    const refusal = await failureOf(work(calm()))
    await vi.advanceTimersByTimeAsync(1_000)

    expect(values).toEqual(['done', 'done'])
    expect(refusal).toMatchObject({ code: 'RESILIENCE_RATE_LIMITED', retryAfterMs: 1_000 })
    expect(await work(calm())).toBe('done')
  })

  it('settles real costs', async () => {
    const store = fromRateLimiterFlexible(new RateLimiterMemory({ points: 10, duration: 1 }))
    const limiter = createRateLimiter({ ratePerSec: 10, burst: 10, store })

    await limiter.take('a', 8)
    await limiter.settle('a', 8, 3)
    const afterCheap = await limiter.take('a', 1)
    await limiter.settle('a', 1, 5)
    const afterDear = await limiter.take('a', 1)

    expect(afterCheap.remaining).toBe(6)
    expect(afterDear.remaining).toBe(1)
  })

  it('tells a store that is away from a limit that is reached', async () => {
    const broken: FlexibleLimiter = {
      points: 2,
      duration: 1,
      consume: () => Promise.reject(new Error('Connection is closed.')),
      penalty: () => Promise.reject(new Error('Connection is closed.')),
      reward: () => Promise.reject(new Error('Connection is closed.')),
    }
    const limiter = createRateLimiter({
      ratePerSec: 2,
      burst: 2,
      store: fromRateLimiterFlexible(broken),
      whenStoreAway: 'refuse',
    })

    expect(await failureOf((async () => limiter.take('a'))())).toMatchObject({
      code: 'RESILIENCE_STORE_UNAVAILABLE',
    })
  })

  it('refuses a limit that is not the one of the limiter', async () => {
    const store = fromRateLimiterFlexible(new RateLimiterMemory({ points: 20, duration: 1 }))
    const gently = rateLimit({ ratePerSec: 2, burst: 20, store })

    expect(await failureOf(gently(async () => 1)(calm()))).toMatchObject({
      code: 'RESILIENCE_OPTION_INVALID',
      message: 'The limiter grants 20 in 1 s, not 20 at 2 a second.',
    })
  })
})
