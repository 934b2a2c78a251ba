import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkNotNegative, checkPositive } from '../errors/check.ts'
import { StoreUnavailableError } from '../errors/errors.ts'
import type { ResilienceListener } from '../events/events.ts'
import { Failover, type FailoverOptions } from '../store/failover.ts'
import { createMemoryRateLimitStore, type MemoryRateLimitStore } from './memory-store.ts'
import type { RateLimit, RateLimitStore, RateLimitTake } from './rate-limit-store.ts'

/** Options for {@link createRateLimiter}. */
export interface RateLimiterOptions extends FailoverOptions {
  /** Units a second in the long run, for each key. A number above 0. */
  readonly ratePerSec: number
  /**
   * Units that may be taken at once after a quiet time. A number above 0.
   * @defaultValue `ratePerSec`, but at least 1
   */
  readonly burst?: number | undefined
  /**
   * Where the buckets are kept.
   * @defaultValue the memory of this process
   */
  readonly store?: RateLimitStore | undefined
  /**
   * What events call the limiter.
   * @defaultValue `'rate-limit'`
   */
  readonly name?: string | undefined
  /** Receives typed events. What it throws is ignored. */
  readonly onEvent?: ResilienceListener | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/** How units are taken. */
export interface TakeOptions {
  /**
   * How far ahead units may be taken, in milliseconds; the taker must then wait `waitMs`.
   * @defaultValue 0
   */
  readonly maxWaitMs?: number | undefined
  /** Ends the wait for the answer of a store. */
  readonly signal?: AbortSignal | undefined
}

/** A rate limit with one bucket for each key. */
export interface RateLimiter {
  /**
   * Takes units from the bucket of a key, all of them or none. Synchronous when the store is.
   *
   * @throws {@link StoreUnavailableError} when the store is away and `whenStoreAway` is `refuse`.
   */
  take(key: string, cost?: number, options?: TakeOptions): RateLimitTake | Promise<RateLimitTake>
  /**
   * Corrects what was taken, once the real cost is known: takes the rest without asking, or gives
   * back what was too much.
   *
   * What is given back can be used at once, so shortly after it a window may hold that much more.
   */
  settle(key: string, taken: number, actual: number): void | Promise<void>
}

/**
 * Creates a rate limit: a token bucket for each key, without timers and without steps at the ends
 * of fixed windows. In any time `t` it grants at most `burst + ratePerSec * t` units for a key.
 *
 * @throws {@link OptionInvalidError} when an option cannot work.
 *
 * @example
 * ```ts
 * import { createRateLimiter } from '@t2t/resilience'
 *
 * const perTenant = createRateLimiter({ ratePerSec: 5, burst: 20 })
 * const { allowed, retryAfterMs } = await perTenant.take('tenant-7')
 * ```
 */
export function createRateLimiter(options: RateLimiterOptions): RateLimiter {
  const {
    ratePerSec,
    burst = Math.max(1, ratePerSec),
    name = 'rate-limit',
    clock = systemClock,
    onEvent,
  } = options
  checkPositive('ratePerSec', ratePerSec)
  checkPositive('burst', burst)
  const limit: RateLimit = { ratePerSec, burst }
  if (options.store === undefined) return new MemoryLimiter(limit, clock)

  const { store } = options
  const failover = new Failover(options, clock, name, onEvent)
  let local: MemoryRateLimitStore | undefined
  const localStore = (): MemoryRateLimitStore => (local ??= createMemoryRateLimitStore({ clock }))
  return {
    take: (key, cost = 1, how) => {
      checkNotNegative('cost', cost)
      const asked = withWait(limit, how)
      return failover.ask(
        () => store.take(key, cost, asked),
        (decision, error) => {
          if (decision === 'allow') {
            return { allowed: true, remaining: burst, waitMs: 0, retryAfterMs: 0 }
          }
          if (decision === 'local') return localStore().take(key, cost, asked)
          throw new StoreUnavailableError('The store of the rate limit', error)
        },
        how?.signal,
      )
    },
    settle: (key, taken, actual) =>
      failover.ask(
        () => store.adjust(key, actual - taken, limit),
        (decision) => {
          if (decision === 'local') localStore().adjust(key, actual - taken, limit)
        },
      ),
  }
}

function withWait(limit: RateLimit, how: TakeOptions | undefined): RateLimit {
  const maxWaitMs = how?.maxWaitMs
  return maxWaitMs === undefined || maxWaitMs === 0 ? limit : { ...limit, maxWaitMs }
}

/** A limiter without anything that can be away. */
class MemoryLimiter implements RateLimiter {
  readonly #limit: RateLimit
  readonly #memory: MemoryRateLimitStore

  constructor(limit: RateLimit, clock: Clock) {
    this.#limit = limit
    this.#memory = createMemoryRateLimitStore({ clock })
  }

  take(key: string, cost = 1, how?: TakeOptions): RateLimitTake {
    checkNotNegative('cost', cost)
    return this.#memory.take(key, cost, withWait(this.#limit, how))
  }

  settle(key: string, taken: number, actual: number): void {
    this.#memory.adjust(key, actual - taken, this.#limit)
  }
}
