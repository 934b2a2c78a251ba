import type { CallBudget } from '../budget/call-budget.ts'
import { combineRepeats } from './repeats.ts'

/**
 * What an operation is given for one call.
 *
 * Hand the whole context on to nested calls: that is how they learn of an abort, a deadline and
 * a budget.
 */
export interface OperationContext {
  /** Aborts when the caller is no longer interested; its reason is rethrown untouched. */
  readonly signal: AbortSignal
  /**
   * The reading of the policies' clock at which the caller gives up, in milliseconds. Set by
   * `timeout` and `budget`; absent when nothing limits the time.
   */
  readonly deadline?: number | undefined
  /** What nested calls share; set by `budget`. */
  readonly budget?: CallBudget | undefined
}

/** Something that can be called, and that policies can be put around. */
export type Operation<Value> = (context: OperationContext) => Promise<Value>

/** Maps an operation to an operation that behaves better. */
export type Policy = <Value>(operation: Operation<Value>) => Operation<Value>

/**
 * Composes policies, the outermost first: `pipe(a, b)(operation)` is `a(b(operation))`.
 *
 * @throws {@link OptionInvalidError} when both a retry and a hedge are among them: together they
 * multiply the calls of an outage.
 */
export function pipe(...policies: readonly Policy[]): Policy {
  const piped: Policy = (operation) => policies.reduceRight((inner, wrap) => wrap(inner), operation)
  combineRepeats(piped, policies)
  return piped
}
