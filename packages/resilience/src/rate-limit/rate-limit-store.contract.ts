import assert from 'node:assert/strict'
import type { RateLimitStore } from './rate-limit-store.ts'

/** A store under contract, and how time goes by for it. */
export interface RateLimitStoreSubject {
  readonly store: RateLimitStore
  /** Lets at least this many milliseconds go by for the store. */
  readonly pass: (ms: number) => Promise<void>
  /** A key that no other check uses. */
  readonly key: string
}

/** One promise that every store keeps. */
export interface RateLimitStorePromise {
  readonly promise: string
  readonly check: (subject: RateLimitStoreSubject) => Promise<void>
}

const slow = { ratePerSec: 5, burst: 3 }

/** What every store of a rate limit promises. */
export const rateLimitStoreContract: readonly RateLimitStorePromise[] = [
  {
    promise: 'grants the burst at once and then says when there is room again',
    check: async ({ store, key }) => {
      const remaining: number[] = []
      for (let taken = 0; taken < 3; taken++) {
        const take = await store.take(key, 1, slow)
        assert.ok(take.allowed)
        assert.equal(take.retryAfterMs, 0)
        remaining.push(take.remaining)
      }
      const refused = await store.take(key, 1, slow)

      assert.deepEqual(remaining, [2, 1, 0])
      assert.ok(!refused.allowed)
      assert.ok(refused.retryAfterMs > 0 && refused.retryAfterMs <= 200)
    },
  },
  {
    promise: 'refills at its rate, and not beyond the burst',
    check: async ({ store, key, pass }) => {
      await store.take(key, 3, slow)
      await pass(210)

      assert.ok((await store.take(key, 1, slow)).allowed)
      assert.ok(!(await store.take(key, 1, slow)).allowed)
      await pass(800)
      assert.ok(!(await store.take(key, 4, slow)).allowed)
      assert.ok((await store.take(key, 3, slow)).allowed)
    },
  },
  {
    promise: 'takes all units of a call or none',
    check: async ({ store, key }) => {
      await store.take(key, 2, slow)

      assert.ok(!(await store.take(key, 2, slow)).allowed)
      assert.ok((await store.take(key, 1, slow)).allowed)
    },
  },
  {
    promise: 'never grants a cost above the burst',
    check: async ({ store, key }) => {
      const take = await store.take(key, 4, { ...slow, maxWaitMs: 60_000 })

      assert.ok(!take.allowed)
      assert.equal(take.retryAfterMs, Number.POSITIVE_INFINITY)
    },
  },
  {
    promise: 'gives turns in advance, one after the other, no further than asked',
    check: async ({ store, key }) => {
      await store.take(key, 3, slow)
      const waiting = { ...slow, maxWaitMs: 450 }
      const first = await store.take(key, 1, waiting)
      const second = await store.take(key, 1, waiting)
      const third = await store.take(key, 1, waiting)

      assert.ok(first.allowed && first.waitMs > 0 && first.waitMs <= 200)
      assert.ok(second.allowed && second.waitMs > 200 && second.waitMs <= 400)
      assert.ok(!third.allowed)
    },
  },
  {
    promise: 'keeps the buckets of keys apart',
    check: async ({ store, key }) => {
      await store.take(`${key}-one`, 3, slow)

      assert.ok((await store.take(`${key}-two`, 3, slow)).allowed)
    },
  },
  {
    promise: 'adjusts what was taken, both ways',
    check: async ({ store, key }) => {
      await store.take(key, 3, slow)
      await store.adjust(key, -2, slow)
      assert.ok((await store.take(key, 2, slow)).allowed)

      await store.adjust(key, 2, slow)
      const refused = await store.take(key, 1, slow)
      assert.ok(!refused.allowed)
      assert.ok(refused.retryAfterMs > 400)
    },
  },
]
