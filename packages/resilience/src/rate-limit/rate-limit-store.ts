/** How much is allowed: a bucket of `burst` units that refills at `ratePerSec`. */
export interface RateLimit {
  /** Units a second in the long run. A number above 0. */
  readonly ratePerSec: number
  /** Units that may be taken at once after a quiet time. A number above 0. */
  readonly burst: number
  /**
   * How far ahead units may be taken, in milliseconds. The taker must then wait `waitMs`.
   * @defaultValue 0
   */
  readonly maxWaitMs?: number | undefined
}

/** What became of an attempt to take from a bucket. */
export interface RateLimitTake {
  readonly allowed: boolean
  /** Whole units that are left now. */
  readonly remaining: number
  /** How long to wait before using what was taken, in milliseconds; 0 unless `maxWaitMs` was given. */
  readonly waitMs: number
  /**
   * When the same cost may be had, in milliseconds from now: 0 when allowed, `Infinity` when the
   * cost is above the burst.
   */
  readonly retryAfterMs: number
}

/**
 * Where the buckets of a rate limit are kept.
 *
 * Implement this to keep them elsewhere, then run `rateLimitStoreContract` from
 * `@t2t/resilience/testing` against it. A store may answer synchronously.
 */
export interface RateLimitStore {
  /**
   * Takes `cost` units from the bucket of `key`, all of them or none, atomically. A bucket that was
   * never used is full.
   */
  take(key: string, cost: number, limit: RateLimit): RateLimitTake | Promise<RateLimitTake>
  /**
   * Takes `cost` units without asking, or gives them back when `cost` is negative. A bucket never
   * gets fuller than `burst`.
   */
  adjust(key: string, cost: number, limit: RateLimit): void | Promise<void>
}
