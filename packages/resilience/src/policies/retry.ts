import type { Jitter, Random } from '../backoff/backoff.ts'
import type { RetryBudget } from '../budget/retry-budget.ts'
import { isWorthRetrying } from '../classify/classify.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkCount, checkNotNegative, checkPositive } from '../errors/check.ts'
import type { Operation, Policy } from '../policy/policy.ts'
import { markRepeats } from '../policy/repeats.ts'
import { start } from '../policy/start.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'
import { repeatCall, type RetryRules } from '../retry/repeat-call.ts'

/** Options for {@link retry}. */
export interface RetryOptions extends PolicyOptions {
  /**
   * Calls in total, the first one included. An integer from 1 up.
   * @defaultValue 3
   */
  readonly maxAttempts?: number | undefined
  /**
   * Pause before the second attempt, in milliseconds, before jitter; it doubles each time after
   * that.
   * @defaultValue 200
   */
  readonly firstPauseMs?: number | undefined
  /**
   * The longest pause that doubling leads to, in milliseconds. The server may ask for a longer one.
   * @defaultValue 10_000
   */
  readonly maxPauseMs?: number | undefined
  /** @defaultValue `'full'` */
  readonly jitter?: Jitter | undefined
  /**
   * The longest pause that a server may ask for, in milliseconds. When it asks for more, the call
   * fails at once and says so in `retryAfterMs`.
   * @defaultValue 60_000
   */
  readonly maxRetryAfterMs?: number | undefined
  /**
   * Time for all attempts and pauses, in milliseconds. A pause that would end later is not begun;
   * a running attempt is not ended (that is what `timeout` does).
   * @defaultValue no limit but that of the context
   */
  readonly withinMs?: number | undefined
  /**
   * Says whether an error is worth another attempt.
   * @defaultValue {@link isWorthRetrying}: the error's own `retryable`, otherwise the table
   */
  readonly shouldRetry?: ((error: unknown) => boolean) | undefined
  /**
   * Limits the repeated calls of all calls that share it, so that an outage is not multiplied.
   * @defaultValue none
   */
  readonly budget?: RetryBudget | undefined
  /**
   * Where the jitter comes from.
   * @defaultValue `Math.random`
   */
  readonly random?: Random | undefined
}

/**
 * Creates a policy that calls an operation again after a passing failure.
 *
 * The pause is `max(own jittered pause, the pause that the server asked for)`. It ends at once when
 * the caller's signal aborts, and is not begun when it would outlast the deadline. An error that is
 * not worth another attempt is rethrown as it is, and so is the caller's abort reason. An open
 * circuit is never tried again.
 *
 * Put it around operations only that may be repeated.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 * @throws {@link RetriesExhaustedError} from the operation, when the last permitted attempt failed
 * or the next pause is not permitted.
 *
 * @example
 * ```ts
 * import { retry } from '@t2t/resilience'
 *
 * const patiently = retry({ maxAttempts: 5 })
 * const fetchRates = patiently(({ signal }) => fetch('https://rates.example', { signal }))
 * ```
 */
export function retry(options: RetryOptions = {}): Policy {
  const rules = rulesOf(options)
  const { clock, budget, withinMs, onEvent } = rules
  const needsStart = onEvent !== undefined || withinMs !== undefined

  const policy: Policy =
    <Value>(operation: Operation<Value>): Operation<Value> =>
    (context) => {
      if (context.signal.aborted) return Promise.reject(context.signal.reason)
      budget?.noteCall()
      const startedAt = needsStart ? clock.now() : 0
      return start(operation, context).then(undefined, (error: unknown) =>
        repeatCall(operation, context, rules, { startedAt, error }),
      )
    }
  return markRepeats(policy, 'retry')
}

function rulesOf(options: RetryOptions): RetryRules {
  const {
    maxAttempts = 3,
    firstPauseMs = 200,
    maxPauseMs = 10_000,
    jitter = 'full',
    maxRetryAfterMs = 60_000,
    withinMs,
    shouldRetry = isWorthRetrying,
    budget,
    random = Math.random,
    name = 'retry',
    clock = systemClock,
    onEvent,
  } = options
  checkCount('maxAttempts', maxAttempts)
  checkNotNegative('firstPauseMs', firstPauseMs)
  checkNotNegative('maxPauseMs', maxPauseMs)
  checkNotNegative('maxRetryAfterMs', maxRetryAfterMs)
  if (withinMs !== undefined) checkPositive('withinMs', withinMs)
  return {
    maxAttempts,
    firstPauseMs,
    maxPauseMs,
    jitter,
    maxRetryAfterMs,
    withinMs,
    shouldRetry,
    budget,
    random,
    name,
    clock,
    onEvent,
  }
}
