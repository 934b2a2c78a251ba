/**
 * How the length of a pause is spread, so that callers which failed together do not return
 * together: `full` draws from 0 to the pause, `equal` from its second half, `decorrelated` between
 * the first pause and three times the last one.
 */
export type Jitter = 'full' | 'equal' | 'decorrelated' | 'none'

/** A source of numbers from 0 (inclusive) to 1 (exclusive), such as `Math.random`. */
export type Random = () => number

/** What a pause is computed from. */
export interface BackoffTerms {
  readonly firstPauseMs: number
  readonly maxPauseMs: number
  readonly jitter: Jitter
  readonly random: Random
}

/**
 * Computes the pause after the attempt with the given number, in milliseconds.
 *
 * The cap is applied before the jitter: pauses at the cap are spread like all others.
 */
export function pauseAfter(attempt: number, previousMs: number, terms: BackoffTerms): number {
  const { firstPauseMs, maxPauseMs, jitter, random } = terms
  if (jitter === 'decorrelated') {
    const low = Math.min(firstPauseMs, maxPauseMs)
    const high = Math.min(maxPauseMs, 3 * Math.max(previousMs, low))
    return low + random() * (high - low)
  }
  const pause = Math.min(maxPauseMs, firstPauseMs * 2 ** (attempt - 1))
  if (jitter === 'full') return random() * pause
  if (jitter === 'equal') return pause / 2 + random() * (pause / 2)
  return pause
}
