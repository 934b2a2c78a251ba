import type { Policy } from '../policy/policy.ts'

/**
 * Creates a policy that changes nothing: what a switched-off policy is replaced with.
 *
 * @example
 * ```ts
 * import { noop, retry, type Policy } from '@t2t/resilience'
 *
 * declare const isBatchJob: boolean
 * const patiently: Policy = isBatchJob ? retry() : noop()
 * ```
 */
export function noop(): Policy {
  return (operation) => operation
}
