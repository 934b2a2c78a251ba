import type { Clock } from './clock.ts'

/** A clock that stands still until a test moves it. */
export interface FakeClock extends Clock {
  /** Moves the time forward and ends every wait that is over by then. */
  advance(durationMs: number): void
}

interface Wait {
  readonly until: number
  readonly end: () => void
}

/** Creates a clock for tests that starts at `startMs` milliseconds since the Unix epoch. */
export function createFakeClock(startMs = Date.UTC(2026, 0, 1)): FakeClock {
  let time = startMs
  const waits = new Set<Wait>()

  return {
    now: () => time,
    sleep: (durationMs, signal) =>
      new Promise((resolve) => {
        if (signal.aborted || durationMs <= 0) {
          resolve()
          return
        }
        const wait: Wait = {
          until: time + durationMs,
          end: () => {
            waits.delete(wait)
            signal.removeEventListener('abort', wait.end)
            resolve()
          },
        }
        waits.add(wait)
        signal.addEventListener('abort', wait.end, { once: true })
      }),
    advance(durationMs) {
      time += durationMs
      for (const wait of waits) if (wait.until <= time) wait.end()
    },
  }
}
