import { emit } from '../events/emit.ts'
import type { Operation, OperationContext } from '../policy/policy.ts'
import type { PolicyOptions } from '../policy/policy-options.ts'

/** Options for {@link fallback}. */
export interface FallbackOptions extends Omit<PolicyOptions, 'clock'> {
  /**
   * Says whether an error calls for the fallback.
   * @defaultValue all errors do
   */
  readonly shouldFallBack?: ((error: unknown) => boolean) | undefined
}

/** What takes the place of a failed call. */
export type Fallback<Value> = (error: unknown, context: OperationContext) => Value | Promise<Value>

/**
 * Creates a wrapper that gives something else when an operation failed: an older value, another
 * model, an apology. The result is typed as either of both.
 *
 * When the caller aborted, its reason is rethrown and no fallback is used. What the fallback throws
 * is what the call throws.
 *
 * @example
 * ```ts
 * import { fallback, retry } from '@t2t/resilience'
 *
 * const orElse = fallback(() => ({ EUR: 1 }))
 * const rates = orElse(retry()(async () => ({ EUR: 1, USD: 1.1 })))
 * ```
 */
export function fallback<Fallen>(
  instead: Fallback<Fallen>,
  options: FallbackOptions = {},
): <Value>(operation: Operation<Value>) => Operation<Value | Fallen> {
  const { shouldFallBack, name = 'fallback', onEvent } = options
  return (operation) => async (context) => {
    if (context.signal.aborted) throw context.signal.reason
    try {
      return await operation(context)
    } catch (error) {
      if (context.signal.aborted || shouldFallBack?.(error) === false) throw error
      emit(onEvent, { type: 'fallback-used', name, error })
      return instead(error, context)
    }
  }
}
