import { setImmediate } from 'node:timers/promises'
import { QueryTimedOutError } from '../errors/errors.ts'

/** Reads a clock that only goes forward, in milliseconds. */
export type Now = () => number

/** The clock of this process. */
export const monotonicNow: Now = () => performance.now()

/** The end of a reading: the caller's signal or its time cap, whichever comes first. */
export interface Deadline {
  /** Milliseconds since the reading began. */
  elapsedMs(): number
  /** @throws the caller's abort reason, or {@link QueryTimedOutError}. */
  check(): void
  /** Lets timers and other requests run, then checks. */
  breathe(): Promise<void>
}

/** Starts the time of one reading. */
export function startDeadline(timeoutMs: number, signal: AbortSignal, now: Now): Deadline {
  const startedAt = now()
  const deadline: Deadline = {
    elapsedMs: () => now() - startedAt,
    check() {
      signal.throwIfAborted()
      if (now() - startedAt > timeoutMs) throw new QueryTimedOutError(timeoutMs)
    },
    async breathe() {
      await setImmediate()
      deadline.check()
    },
  }
  return deadline
}

/** Why a reading must end now, if it must. */
export function lateness(deadline: Deadline): unknown {
  try {
    deadline.check()
    return undefined
  } catch (reason) {
    return reason
  }
}

/** How often a reading that gives nothing is looked at, in milliseconds. */
const lookEveryMs = 250

/**
 * Calls `end` once with the reason, as soon as the deadline has passed or the signal aborts.
 *
 * @returns a function that stops watching
 */
export function watchDeadline(
  deadline: Deadline,
  timeoutMs: number,
  signal: AbortSignal,
  end: (reason: unknown) => void,
): () => void {
  let timer: NodeJS.Timeout | undefined
  const stop = (): void => {
    clearTimeout(timer)
    signal.removeEventListener('abort', look)
  }
  const look = (): void => {
    try {
      deadline.check()
    } catch (reason) {
      stop()
      end(reason)
      return
    }
    const leftMs = timeoutMs - deadline.elapsedMs()
    timer = setTimeout(look, Math.min(Math.max(leftMs, 0) + 1, lookEveryMs))
  }
  signal.addEventListener('abort', look)
  look()
  return stop
}
