import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkCount } from '../errors/check.ts'
import { takeFrom } from './gcra.ts'
import type { RateLimit, RateLimitStore, RateLimitTake } from './rate-limit-store.ts'

/** Options for {@link createMemoryRateLimitStore}. */
export interface MemoryRateLimitStoreOptions {
  /**
   * Buckets that are kept. Full buckets are forgotten to make room for new keys; when none is full,
   * further new keys share one bucket. An integer from 1 up.
   * @defaultValue 10_000
   */
  readonly maxKeys?: number | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/** A store in the memory of one process: it answers synchronously. */
export interface MemoryRateLimitStore extends RateLimitStore {
  take(key: string, cost: number, limit: RateLimit): RateLimitTake
  adjust(key: string, cost: number, limit: RateLimit): void
  /** Buckets that are kept now. */
  readonly size: number
}

/** How many buckets are looked at to make room for one. */
const lookedAt = 16

/** Creates a store for the rate limits of one process. Its memory is bounded, whatever the keys. */
export function createMemoryRateLimitStore(
  options: MemoryRateLimitStoreOptions = {},
): MemoryRateLimitStore {
  const { maxKeys = 10_000, clock = systemClock } = options
  checkCount('maxKeys', maxKeys)
  return new MemoryStore(maxKeys, clock)
}

class Bucket {
  fullAt = Number.NEGATIVE_INFINITY
}

class MemoryStore implements MemoryRateLimitStore {
  readonly #maxKeys: number
  readonly #clock: Clock
  readonly #buckets = new Map<string, Bucket>()
  #overflow: Bucket | undefined
  #lastKey: string | undefined
  #lastBucket: Bucket | undefined
  #walk: Iterator<[string, Bucket]> | undefined

  constructor(maxKeys: number, clock: Clock) {
    this.#maxKeys = maxKeys
    this.#clock = clock
  }

  get size(): number {
    return this.#buckets.size
  }

  take(key: string, cost: number, limit: RateLimit): RateLimitTake {
    const now = this.#clock.now()
    const bucket = (key === this.#lastKey && this.#lastBucket) || this.#bucketOf(key, now)
    const { fullAt, take } = takeFrom(bucket.fullAt, now, cost, limit)
    bucket.fullAt = fullAt
    return take
  }

  adjust(key: string, cost: number, limit: RateLimit): void {
    const now = this.#clock.now()
    const bucket = this.#bucketOf(key, now)
    bucket.fullAt = Math.max(bucket.fullAt, now) + (cost * 1_000) / limit.ratePerSec
  }

  #bucketOf(key: string, now: number): Bucket {
    const known = this.#buckets.get(key)
    if (known !== undefined) {
      this.#lastKey = key
      this.#lastBucket = known
      return known
    }
    if (this.#buckets.size >= this.#maxKeys) this.#forgetFull(now)
    if (this.#buckets.size >= this.#maxKeys) return (this.#overflow ??= new Bucket())
    const bucket = new Bucket()
    this.#buckets.set(key, bucket)
    return bucket
  }

  /** Forgets buckets that are full: a new one would be the same. */
  #forgetFull(now: number): void {
    for (let looked = 0; looked < lookedAt; looked++) {
      this.#walk ??= this.#buckets.entries()
      const step = this.#walk.next()
      if (step.done === true) {
        this.#walk = undefined
        continue
      }
      const [key, { fullAt }] = step.value
      if (fullAt > now) continue
      this.#buckets.delete(key)
      if (key === this.#lastKey) this.#lastKey = undefined
    }
  }
}
