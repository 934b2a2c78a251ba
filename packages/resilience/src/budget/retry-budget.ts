import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import { checkNotNegative } from '../errors/check.ts'

/** Limits repeated calls to a share of all calls; one for each upstream, shared by its policies. */
export interface RetryBudget {
  /** Notes a call, before its first attempt. */
  noteCall(): void
  /** Takes one repeated call; `false` when there are too many of them already. */
  takeRepeat(): boolean
}

/** Options for {@link createRetryBudget}. */
export interface RetryBudgetOptions {
  /**
   * Repeated calls that each call pays for. From 0 up.
   * @defaultValue 0.1
   */
  readonly repeatsPerCall?: number | undefined
  /**
   * Repeated calls a second that are permitted whatever the number of calls, so that a quiet
   * program can retry too. From 0 up.
   * @defaultValue 1
   */
  readonly repeatsPerSec?: number | undefined
  /**
   * Repeated calls that can be saved up; the budget starts full. From 0 up.
   * @defaultValue 10
   */
  readonly maxSaved?: number | undefined
  /** @defaultValue {@link systemClock} */
  readonly clock?: Clock | undefined
}

/**
 * Creates a budget that keeps retries and hedges from multiplying an outage: when everything
 * fails, repeated calls stay a small share of all calls.
 *
 * @throws {@link OptionInvalidError} when an option cannot work.
 */
export function createRetryBudget(options: RetryBudgetOptions = {}): RetryBudget {
  const { repeatsPerCall = 0.1, repeatsPerSec = 1, maxSaved = 10, clock = systemClock } = options
  checkNotNegative('repeatsPerCall', repeatsPerCall)
  checkNotNegative('repeatsPerSec', repeatsPerSec)
  checkNotNegative('maxSaved', maxSaved)
  let saved = maxSaved
  let readAt = clock.now()

  return {
    noteCall: () => {
      saved = Math.min(maxSaved, saved + repeatsPerCall)
    },
    takeRepeat: () => {
      const now = clock.now()
      saved = Math.min(maxSaved, saved + ((now - readAt) / 1_000) * repeatsPerSec)
      readAt = now
      if (saved < 1) return false
      saved -= 1
      return true
    },
  }
}
