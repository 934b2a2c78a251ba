/** Tells the time and waits; injected wherever this package does either. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number
  /** Resolves after `durationMs`, or as soon as the signal aborts; it never rejects. */
  sleep(durationMs: number, signal: AbortSignal): Promise<void>
}

/** The clock of the process. Waiting does not keep the process alive. */
export const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (durationMs, signal) =>
    new Promise((resolve) => {
      if (signal.aborted) {
        resolve()
        return
      }
      const end = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', end)
        resolve()
      }
      const timer = setTimeout(end, durationMs)
      signal.addEventListener('abort', end, { once: true })
    }),
}
