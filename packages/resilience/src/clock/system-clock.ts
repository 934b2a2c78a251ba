import { waitOn, type Clock } from './clock.ts'

/** The longest delay that a timer takes; a longer one would fire at once. */
const longestDelayMs = 2_147_483_647

/** The clock of the machine: monotonic readings, real timers. The default everywhere. */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallTime: () => Date.now(),
  after: (ms, callback) => {
    const delay = Math.ceil(ms)
    return setTimeout(callback, delay > longestDelayMs ? longestDelayMs : delay)
  },
  sleep: (ms, signal) => waitOn(systemClock, ms, signal),
}
