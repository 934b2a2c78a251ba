import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkNotNegative } from '../errors/check.ts'
import { RateLimitedError } from '../errors/errors.ts'
import { emit } from '../events/emit.ts'
import type { Operation, OperationContext, Policy } from '../policy/policy.ts'
import type { RateLimitTake } from '../rate-limit/rate-limit-store.ts'
import {
  createRateLimiter,
  type RateLimiter,
  type RateLimiterOptions,
} from '../rate-limit/rate-limiter.ts'
import { start } from '../policy/start.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'

/** What {@link rateLimit} takes for each call. */
export interface RateLimitCallOptions extends PolicyOptions {
  /**
   * The bucket to take from.
   * @defaultValue `'all'`
   */
  readonly key?: string | undefined
  /**
   * Units that a call takes before it begins; an estimate when `costOf` is given. From 0 up.
   * @defaultValue 1
   */
  readonly cost?: number | undefined
  /**
   * Units that a call did take, read from its result, such as the tokens of an answer. The
   * difference is settled; a call that failed keeps its estimate.
   * @defaultValue `cost`
   */
  readonly costOf?: ((value: unknown) => number) | undefined
  /**
   * How long a call may wait for its turn, in milliseconds. Turns are in the order of arrival. A
   * call that is aborted while it waits has used its turn.
   * @defaultValue 0
   */
  readonly maxWaitMs?: number | undefined
}

/** Options for {@link rateLimit}: a limiter to share, or the options of one of its own. */
export type RateLimitOptions = RateLimitCallOptions &
  (RateLimiterOptions | { readonly limiter: RateLimiter })

/**
 * Creates a policy that keeps calls within a rate, at once or after a bounded wait.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 * @throws {@link RateLimitedError} from the operation, without calling it; `retryAfterMs` says when
 * there is room again.
 * @throws {@link StoreUnavailableError} from the operation, when a shared store is away and
 * `whenStoreAway` is `refuse`.
 *
 * @example
 * ```ts
 * import { rateLimit } from '@t2t/resilience'
 *
 * const gently = rateLimit({ ratePerSec: 5, burst: 10, maxWaitMs: 2_000 })
 * const fetchRates = gently(({ signal }) => fetch('https://rates.example', { signal }))
 * ```
 */
export function rateLimit(options: RateLimitOptions): Policy {
  const {
    key = 'all',
    cost = 1,
    costOf,
    maxWaitMs = 0,
    name = 'rate-limit',
    clock = systemClock,
    onEvent,
  } = options
  checkNotNegative('cost', cost)
  checkNotNegative('maxWaitMs', maxWaitMs)
  const limiter = 'limiter' in options ? options.limiter : createRateLimiter(options)
  let queued = 0

  const refusal = (retryAfterMs: number): RateLimitedError => {
    const known = Number.isFinite(retryAfterMs) ? retryAfterMs : undefined
    emit(onEvent, { type: 'call-refused', name, by: 'rate-limit', retryAfterMs: known })
    return known === undefined
      ? new RateLimitedError(`The call costs ${cost} units, which is above the burst.`)
      : new RateLimitedError(`There is room again in ${Math.ceil(known)} ms.`, known)
  }

  const wait = async (waitMs: number, context: OperationContext): Promise<void> => {
    queued += 1
    emit(onEvent, { type: 'call-queued', name, by: 'rate-limit', queued })
    try {
      await clock.sleep(waitMs, context.signal)
    } finally {
      queued -= 1
    }
  }

  const begin = <Value>(
    take: RateLimitTake,
    operation: Operation<Value>,
    context: OperationContext,
  ): Promise<Value> => {
    if (!take.allowed) return Promise.reject(refusal(take.retryAfterMs))
    const running =
      take.waitMs === 0
        ? start(operation, context)
        : wait(take.waitMs, context).then(() => operation(context))
    if (costOf === undefined) return running
    return running.then((value) => {
      settle(costOf(value))
      return value
    })
  }

  /** Nobody waits for it, and when it fails the estimate stands. */
  const settle = (actual: number): void => {
    if (actual === cost) return
    const settled = limiter.settle(key, cost, actual)
    if (settled instanceof Promise) settled.catch(() => {})
  }

  return (operation) => (context) => {
    if (context.signal.aborted) return Promise.reject(context.signal.reason)
    try {
      const take = limiter.take(key, cost, {
        maxWaitMs: waitFor(maxWaitMs, context, clock),
        signal: context.signal,
      })
      return take instanceof Promise
        ? take.then((answer) => {
            if (context.signal.aborted) throw context.signal.reason
            return begin(answer, operation, context)
          })
        : begin(take, operation, context)
    } catch (error) {
      return Promise.reject(error)
    }
  }
}

/** A call does not wait for a turn that comes after its deadline. */
function waitFor(maxWaitMs: number, { deadline }: OperationContext, clock: Clock): number {
  if (maxWaitMs === 0 || deadline === undefined) return maxWaitMs
  return Math.max(0, Math.min(maxWaitMs, deadline - clock.now()))
}
