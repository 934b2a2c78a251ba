/**
 * Where policies read the time and wait.
 *
 * One clock must be shared by all policies around a call, since deadlines are its readings.
 */
export interface Clock {
  /** Milliseconds since some fixed moment, with fractions; never goes back. */
  now(): number
  /** Milliseconds since the start of 1970, for dates that other machines wrote. */
  wallTime(): number
  /**
   * Calls back once, `ms` milliseconds from now or a little earlier. Disposing of what it returns
   * calls that off, at any time and any number of times.
   */
  after(ms: number, callback: () => void): Disposable
  /**
   * Waits at least `ms` milliseconds. Rejects with the signal's reason as soon as it aborts, and
   * leaves neither a timer nor a listener behind.
   */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
}

/** What is left of a wait when it is over: less than a sum of fractions can be wrong by. */
export const roundingMs = 1e-6

/** What {@link waitOn} needs of a clock. */
export type Timers = Pick<Clock, 'now' | 'after'>

/** Waits on a clock: the `sleep` of every clock here. */
export function waitOn(clock: Timers, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted === true) {
      reject(signal.reason)
      return
    }
    const end = clock.now() + ms
    let timer: Disposable | undefined
    const stop = (): void => {
      timer?.[Symbol.dispose]()
      signal?.removeEventListener('abort', stop)
      reject(signal?.reason)
    }
    const wake = (): void => {
      const left = end - clock.now()
      if (left > roundingMs) {
        timer = clock.after(left, wake)
        return
      }
      signal?.removeEventListener('abort', stop)
      resolve()
    }
    signal?.addEventListener('abort', stop)
    wake()
  })
}
