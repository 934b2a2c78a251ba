/** Streams that may be opened one after the other before there are pauses. */
const freeStreams = 4

/** The first pause, in milliseconds; it doubles then. */
const firstPauseMs = 500

/** The longest pause, in milliseconds. */
const maxPauseMs = 30_000

/** A stream that lived this long was a good one, in milliseconds. */
const stableMs = 10_000

/**
 * Says when a stream may be opened again. A server says how soon it wants that, and may say at once,
 * and end the stream each time.
 */
export class StreamPace {
  #opened = 0
  #openedAt = 0

  /** Resolves when the next stream may be opened. */
  async wait(signal: AbortSignal | undefined): Promise<void> {
    if (Date.now() - this.#openedAt >= stableMs) this.#opened = 0
    this.#opened += 1
    if (this.#opened > freeStreams) {
      await pause(
        Math.min(maxPauseMs, firstPauseMs * 2 ** (this.#opened - freeStreams - 1)),
        signal,
      )
    }
    this.#openedAt = Date.now()
  }
}

/** Ends early when the signal aborts: whoever waits looks at it. */
function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  const over = Promise.withResolvers<void>()
  const timer = setTimeout(over.resolve, ms)
  const end = (): void => over.resolve()
  signal?.addEventListener('abort', end)
  return over.promise.finally(() => {
    clearTimeout(timer)
    signal?.removeEventListener('abort', end)
  })
}
