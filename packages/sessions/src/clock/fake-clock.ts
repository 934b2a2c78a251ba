import type { Clock } from './clock.ts'

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves the time forward. */
  advance(durationMs: number): void
}

/** Creates a clock for tests that starts at `startMs` milliseconds since the Unix epoch. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let time = startMs
  return {
    now: () => time,
    advance(durationMs) {
      time += durationMs
    },
  }
}
