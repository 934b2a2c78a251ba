/** Tells the time; injected wherever this package needs it. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
}

/** The clock of the process. */
export const systemClock: Clock = { now: () => Date.now() }

/** Says the present moment as the stores keep it: UTC, ISO 8601, with milliseconds. */
export function timestamp(clock: Clock): string {
  return new Date(clock.now()).toISOString()
}
