import type { RetryBudget } from '../budget/retry-budget.ts'
import { isWorthRetrying } from '../classify/classify.ts'
import { DeadlineGroup, deadlinesOn } from '../clock/deadline-watch.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkCount, checkPositive } from '../errors/check.ts'
import { emit } from '../events/emit.ts'
import { HedgedCall, type HedgeRules } from '../hedge/hedged-call.ts'
import type { Operation, Policy } from '../policy/policy.ts'
import { markRepeats } from '../policy/repeats.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'

/** Options for {@link hedge}. */
export interface HedgeOptions extends PolicyOptions {
  /**
   * How long a copy may take before the next one is started, in milliseconds; a high percentile of
   * the usual time, such as the 95th.
   */
  readonly afterMs: number
  /**
   * Copies in total, the first one included. An integer from 1 up.
   * @defaultValue 2
   */
  readonly maxAttempts?: number | undefined
  /**
   * Says whether a failed copy is replaced at once. An error that is not worth another attempt ends
   * the call.
   * @defaultValue {@link isWorthRetrying}
   */
  readonly shouldRetry?: ((error: unknown) => boolean) | undefined
  /**
   * Limits the copies of all calls that share it.
   * @defaultValue none
   */
  readonly budget?: RetryBudget | undefined
}

/**
 * Creates a policy that starts a second copy of a call that is slow, and takes the first success.
 * The others are aborted at that moment.
 *
 * It takes the place of a retry and is never composed with one. Put it around operations only that
 * may be repeated, and remember that a copy of a model call costs its tokens.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { hedge } from '@t2t/resilience'
 *
 * const promptly = hedge({ afterMs: 250 })
 * const fetchRates = promptly(({ signal }) => fetch('https://rates.example', { signal }))
 * ```
 */
export function hedge(options: HedgeOptions): Policy {
  const {
    afterMs,
    maxAttempts = 2,
    shouldRetry = isWorthRetrying,
    budget,
    name = 'hedge',
    clock = systemClock,
    onEvent,
  } = options
  checkPositive('afterMs', afterMs)
  checkCount('maxAttempts', maxAttempts)
  const rules: HedgeRules = {
    afterMs,
    maxAttempts,
    shouldRetry,
    budget,
    clock,
    watch: deadlinesOn(clock),
    group: new DeadlineGroup(),
    hedged: (attempt, because) => emit(onEvent, { type: 'call-hedged', name, attempt, because }),
  }

  const policy: Policy =
    <Value>(operation: Operation<Value>): Operation<Value> =>
    (context) => {
      if (context.signal.aborted) return Promise.reject(context.signal.reason)
      budget?.noteCall()
      return new HedgedCall(rules, operation, context).run()
    }
  return markRepeats(policy, 'hedge')
}
