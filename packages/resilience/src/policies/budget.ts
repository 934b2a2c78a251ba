import type { CallBudget } from '../budget/call-budget.ts'
import { checkCount, checkPositive } from '../errors/check.ts'
import type { Policy } from '../policy/policy.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'
import { timeout } from './timeout.ts'

/** Options for {@link budget}. */
export interface BudgetOptions extends PolicyOptions {
  /** Time for the call and all calls nested in it, in milliseconds. A number above 0. */
  readonly withinMs: number
  /**
   * Attempts beyond the first of each call, all nested retries and hedges together. An integer from
   * 0 up.
   */
  readonly maxExtraAttempts: number
}

/**
 * Creates a policy that gives a call, and all calls nested in it, one allowance of time and of
 * repeated attempts: three retries within three retries are then not nine.
 *
 * Nested calls take part when they are given the context of the outer one.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 * @throws {@link TimedOutError} from the operation, when the time is over.
 *
 * @example
 * ```ts
 * import { budget, retry } from '@t2t/resilience'
 *
 * declare function lookUp(term: string): Promise<string>
 * const patiently = retry()
 * const answer = budget({ withinMs: 20_000, maxExtraAttempts: 4 })(async (context) => {
 *   const table = await patiently(() => lookUp('orders'))(context)
 *   return patiently(() => lookUp(table))(context)
 * })
 * ```
 */
export function budget(options: BudgetOptions): Policy {
  const { withinMs, maxExtraAttempts, name = 'budget', clock, onEvent } = options
  checkPositive('withinMs', withinMs)
  checkCount('maxExtraAttempts', maxExtraAttempts, 0)
  const bounded = timeout({ afterMs: withinMs, covers: 'total', name, clock, onEvent })

  return (operation) =>
    bounded(({ signal, deadline, budget: outer }) =>
      operation({ signal, deadline, budget: allowanceOf(maxExtraAttempts, outer) }),
    )
}

/** An inner allowance is also taken from the outer one. */
function allowanceOf(attempts: number, outer: CallBudget | undefined): CallBudget {
  let left = attempts
  return {
    takeExtraAttempt: () => {
      if (left === 0 || outer?.takeExtraAttempt() === false) return false
      left -= 1
      return true
    },
  }
}
