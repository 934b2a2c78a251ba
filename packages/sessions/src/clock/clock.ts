/** Tells the time; injected wherever this package needs it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The clock of the process. */
export const systemClock: Clock = { now: () => Date.now() }

/**
 * Says the present moment, or the one given when that is later: clocks are set back, and what was
 * said last must not look older than what was said before.
 */
export function timestampAfter(before: string, clock: Clock): string {
  const now = timestamp(clock)
  return now < before ? before : now
}

/** Says the present moment as the stores keep it: UTC, ISO 8601, with milliseconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock.now()).toISOString()
}
