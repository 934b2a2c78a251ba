import { chainOf } from './read-error.ts'

/** Says whether an error is worth another attempt: what it says itself. */
export function isWorthRetrying(error: unknown): boolean {
  for (const link of chainOf(error)) {
    if (typeof link['retryable'] === 'boolean') return link['retryable']
  }
  return false
}
