/** What an operation is given for one call. */
export interface OperationContext {
  /** Aborts when the caller is no longer interested; its reason is rethrown untouched. */
  readonly signal: AbortSignal
}

/** Something that can be called, and that policies can be put around. */
export type Operation<Value> = (context: OperationContext) => Promise<Value>

/** Maps an operation to an operation that behaves better. */
export type Policy = <Value>(operation: Operation<Value>) => Operation<Value>

/** Composes policies, the outermost first: `pipe(a, b)(operation)` is `a(b(operation))`. */
export function pipe(...policies: readonly Policy[]): Policy {
  return (operation) => policies.reduceRight((inner, wrap) => wrap(inner), operation)
}
