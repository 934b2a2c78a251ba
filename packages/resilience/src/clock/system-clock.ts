import { waitOn, type Clock } from './clock.ts'

/** The longest delay that a timer takes; a longer one would fire at once. */
const longestDelayMs = 2_147_483_647

/** Not every timer is disposable: those of browsers and of test libraries are not. */
class SystemTimer implements Disposable {
  readonly #timer: ReturnType<typeof setTimeout>

  constructor(ms: number, callback: () => void) {
    this.#timer = setTimeout(callback, ms)
  }

  [Symbol.dispose](): void {
    clearTimeout(this.#timer)
  }
}

/** The clock of the machine: monotonic readings, real timers. The default everywhere. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after: (ms, callback) => new SystemTimer(Math.min(Math.ceil(ms), longestDelayMs), callback),
  sleep: (ms, signal) => waitOn(systemClock, ms, signal),
}
