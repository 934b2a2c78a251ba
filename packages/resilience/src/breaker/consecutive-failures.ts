import { checkCount } from '../errors/check.ts'
import type { OpeningRule } from './outcome-window.ts'

/**
 * Opens a circuit after this many failures in a row.
 *
 * @throws {@link OptionInvalidError} when the count cannot work.
 */
export function consecutiveFailures(count: number): OpeningRule {
  checkCount('count', count)
  return () => {
    let failures = 0
    return {
      note: (isFailure) => {
        failures = isFailure ? failures + 1 : 0
        return failures >= count
      },
      clear: () => {
        failures = 0
      },
    }
  }
}
