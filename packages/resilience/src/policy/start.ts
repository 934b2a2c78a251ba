import type { Operation, OperationContext } from './policy.ts'

/** Calls an operation; what it throws before it gives a promise is a rejection too. */
export function start<Value>(
  operation: Operation<Value>,
  context: OperationContext,
): Promise<Value> {
  try {
    return operation(context)
  } catch (error) {
    return Promise.reject(error)
  }
}
