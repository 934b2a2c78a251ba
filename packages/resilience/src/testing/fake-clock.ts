import { waitOn, type Clock } from '../clock/clock.ts'

/** Options for {@link createFakeClock}. */
export interface FakeClockOptions {
  /**
   * Whether the clock jumps to its next timer by itself when nothing else is left to run. Otherwise
   * only {@link FakeClock.advance} moves it.
   * @defaultValue true
   */
  readonly advancesItself?: boolean | undefined
  /**
   * The wall time at the start, in milliseconds since 1970.
   * @defaultValue 1_700_000_000_000
   */
  readonly wallTime?: number | undefined
}

/** A clock for tests: it never waits, and tells what it was asked to do. */
export interface FakeClock extends Clock {
  /** Moves the time forward and lets everything run that became due, in order. */
  advance(ms: number): Promise<void>
  /** Timers that stand now. */
  readonly pendingTimers: number
  /** The length of every `sleep` so far, in milliseconds. */
  readonly sleeps: readonly number[]
}

interface FakeTimer {
  readonly at: number
  readonly callback: () => void
}

/**
 * Creates a clock for tests. It starts at 0 and, unless told otherwise, jumps from timer to timer.
 *
 * @example
 * ```ts
 * import { retry } from '@t2t/resilience'
 * import { createFakeClock } from '@t2t/resilience/testing'
 *
 * const clock = createFakeClock()
 * const patiently = retry({ maxAttempts: 5, clock })
 * ```
 */
export function createFakeClock(options: FakeClockOptions = {}): FakeClock {
  const { advancesItself = true, wallTime = 1_700_000_000_000 } = options
  const timers = new Set<FakeTimer>()
  const sleeps: number[] = []
  let now = 0
  let isJumping = false

  const nearest = (limit: number): FakeTimer | undefined => {
    let found: FakeTimer | undefined
    for (const timer of timers) {
      if (timer.at <= limit && (found === undefined || timer.at < found.at)) found = timer
    }
    return found
  }
  const fire = (timer: FakeTimer): void => {
    timers.delete(timer)
    now = Math.max(now, timer.at)
    timer.callback()
  }
  const jumpSoon = (): void => {
    if (!advancesItself || isJumping) return
    isJumping = true
    setImmediate(() => {
      isJumping = false
      const timer = nearest(Number.POSITIVE_INFINITY)
      if (timer !== undefined) fire(timer)
      if (timers.size > 0) jumpSoon()
    })
  }

  const clock: FakeClock = {
    now: () => now,
    wallTime: () => wallTime + now,
    after: (ms, callback) => {
      const timer = { at: now + Math.max(0, ms), callback }
      timers.add(timer)
      jumpSoon()
      return { [Symbol.dispose]: () => void timers.delete(timer) }
    },
    sleep: (ms, signal) => {
      sleeps.push(ms)
      return waitOn(clock, ms, signal)
    },
    advance: async (ms) => {
      const end = now + ms
      await settled()
      for (let timer = nearest(end); timer !== undefined; timer = nearest(end)) {
        fire(timer)
        await settled()
      }
      now = Math.max(now, end)
      await settled()
    },
    get pendingTimers() {
      return timers.size
    },
    get sleeps() {
      return sleeps
    },
  }
  return clock
}

/** Resolves when everything that could run has run. */
function settled(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve)
  })
}
