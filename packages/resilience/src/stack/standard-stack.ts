import type { Random } from '../backoff/backoff.ts'
import { createRetryBudget } from '../budget/retry-budget.ts'
import type { Clock } from '../clock/clock.ts'
import type { ResilienceListener } from '../events/events.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { pipe, type Policy } from '../policy/policy.ts'
import { bulkhead, type BulkheadOptions } from '../policies/bulkhead.ts'
import {
  circuitBreaker,
  type CircuitBreaker,
  type CircuitBreakerOptions,
} from '../policies/circuit-breaker.ts'
import { hedge, type HedgeOptions } from '../policies/hedge.ts'
import { rateLimit, type RateLimitOptions } from '../policies/rate-limit.ts'
import { retry, type RetryOptions } from '../policies/retry.ts'
import { timeout } from '../policies/timeout.ts'

/** Options for {@link standardStack}. Each policy also takes its own `name`. */
export interface StandardStackOptions {
  /**
   * What the names of all policies in events begin with, such as `orders-db`.
   * @defaultValue none
   */
  readonly name?: string | undefined
  /**
   * A limit for the rate of calls.
   * @defaultValue none
   */
  readonly limit?: RateLimitOptions | undefined
  /**
   * A limit for calls at the same time.
   * @defaultValue none
   */
  readonly bulkhead?: BulkheadOptions | undefined
  /**
   * Time for all attempts and pauses, in milliseconds.
   * @defaultValue 30_000
   */
  readonly totalMs?: number | undefined
  /**
   * How calls are repeated; `false` for never. Without a `budget` of its own it gets one.
   * @defaultValue as {@link retry}
   */
  readonly retry?: RetryOptions | false | undefined
  /**
   * Starts copies of slow calls, in the place of the retry.
   * @defaultValue none
   */
  readonly hedge?: HedgeOptions | undefined
  /**
   * A breaker to share with other stacks on the same upstream, or the options of one; `false` for
   * none.
   * @defaultValue as {@link circuitBreaker}
   */
  readonly breaker?: CircuitBreaker | CircuitBreakerOptions | false | undefined
  /**
   * Time for one attempt, in milliseconds.
   * @defaultValue 10_000
   */
  readonly attemptMs?: number | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
  /** @defaultValue `Math.random` */
  readonly random?: Random | undefined
  /** Receives the events of all policies. */
  readonly onEvent?: ResilienceListener | undefined
}

/**
 * Creates the policies around calls to one upstream in the order that costs it the least:
 * limit, bulkhead, total timeout, retry, breaker, attempt timeout.
 *
 * The retry is outside the breaker and does not repeat what an open circuit refused, so an upstream
 * that is down is left alone as soon as that is known. Create one stack for each upstream and put
 * it around all operations on it.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work, or when both `retry` and
 * `hedge` are given.
 *
 * @example
 * ```ts
 * import { standardStack } from '@t2t/resilience'
 *
 * const carefully = standardStack({ name: 'rates', bulkhead: { maxConcurrent: 20 } })
 * const fetchRates = carefully(({ signal }) => fetch('https://rates.example', { signal }))
 * ```
 */
export function standardStack(options: StandardStackOptions = {}): Policy {
  const { name, limit, totalMs = 30_000, attemptMs = 10_000, clock, random, onEvent } = options
  const shared = (part: string) => ({
    name: name === undefined ? part : `${name}.${part}`,
    clock,
    onEvent,
  })
  if (options.hedge !== undefined && options.retry !== undefined && options.retry !== false) {
    throw new OptionInvalidError('A stack has either a retry or a hedge, choose one of them.')
  }

  const policies: Policy[] = []
  if (limit !== undefined) policies.push(rateLimit({ ...shared('rate-limit'), ...limit }))
  if (options.bulkhead !== undefined) {
    policies.push(bulkhead({ ...shared('bulkhead'), ...options.bulkhead }))
  }
  policies.push(timeout({ ...shared('total-timeout'), afterMs: totalMs, covers: 'total' }))
  if (options.hedge !== undefined) {
    policies.push(hedge({ ...shared('hedge'), ...options.hedge }))
  } else if (options.retry !== false) {
    const budget = createRetryBudget({ clock })
    policies.push(retry({ ...shared('retry'), random, budget, ...options.retry }))
  }
  const { breaker = {} } = options
  if (typeof breaker === 'function') policies.push(breaker)
  else if (breaker !== false) {
    policies.push(circuitBreaker({ ...shared('circuit-breaker'), random, ...breaker }))
  }
  policies.push(timeout({ ...shared('attempt-timeout'), afterMs: attemptMs }))
  return pipe(...policies)
}
