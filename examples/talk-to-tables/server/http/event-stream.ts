/** Writes one frame of a stream, or nothing when the client is gone. */
export type WriteFrame = (frame: string) => void

export interface EventStreamOptions {
  /** Aborts when the client leaves. */
  readonly signal: AbortSignal
  readonly keepAliveMs: number
}

export const eventStreamHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-transform',
  'x-accel-buffering': 'no',
} as const

/**
 * Makes the body of an event stream from work that writes frames.
 *
 * The work's signal aborts as soon as the client leaves. Work that rejects ends the stream, so it
 * has to tell its failures in a frame of its own.
 */
export function eventStream(
  work: (write: WriteFrame, signal: AbortSignal) => Promise<void>,
  { signal, keepAliveMs }: EventStreamOptions,
): ReadableStream<Uint8Array> {
  const left = new AbortController()
  const encoder = new TextEncoder()
  return new ReadableStream({
    async start(controller) {
      const write: WriteFrame = (frame) => {
        if (!left.signal.aborted) controller.enqueue(encoder.encode(frame))
      }
      const leave = (): void => left.abort(signal.reason)
      signal.addEventListener('abort', leave, { once: true })
      const keepAlive = setInterval(() => write(': keep-alive\n\n'), keepAliveMs)
      // Not awaited: what `start` waits for would hold back the first frame.
      void work(write, left.signal)
        .catch(() => undefined)
        .finally(() => {
          clearInterval(keepAlive)
          signal.removeEventListener('abort', leave)
          if (!left.signal.aborted) controller.close()
        })
    },
    cancel(reason) {
      left.abort(reason)
    },
  })
}
