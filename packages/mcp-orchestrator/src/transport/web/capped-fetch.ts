import { retryAfterFromHeaders } from '@t2t/resilience'
import { ConnectionError } from '../../errors/connection-error.ts'
import { withTraceHeaders } from './trace-headers.ts'

/** What the SDKs send requests with. */
export type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/** Options for {@link cappedFetch}. */
export interface CappedFetchOptions {
  /** Told when an event stream that no request waits for has ended, and why. */
  readonly onStreamEnd?: ((error: ConnectionError) => void) | undefined
  /** @defaultValue the platform's own */
  readonly inner?: Fetch | undefined
}

/**
 * Puts a byte limit on what a server may answer.
 *
 * A body counts as a whole; an event stream counts anew with every event, since it may live long.
 * The client does not notice when an event stream breaks or is cut off. It is told by an error
 * response to its request, in the place of the rest.
 */
export function cappedFetch(maxBytes: number, options: CappedFetchOptions = {}): Fetch {
  const { onStreamEnd = () => undefined, inner = fetch } = options
  return async (url, init) => {
    const response = await inner(url, withTraceHeaders(init))
    const { body, status, statusText, headers } = response
    const wait = status === 429 || status === 503 ? retryAfterFromHeaders(headers) : undefined
    if (wait !== undefined) {
      void body?.cancel().catch(() => undefined)
      throw new ConnectionError('unreachable', `The server answered with HTTP status ${status}.`, {
        retryAfterMs: wait,
      })
    }
    if (body === null) return response
    const isStream = /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')
    const capped = isStream
      ? capEvents(body, maxBytes, requestId(init), onStreamEnd)
      : body.pipeThrough(capBody(maxBytes))
    return new Response(capped, { status, statusText, headers })
  }
}

function capBody(maxBytes: number): TransformStream<Uint8Array, Uint8Array> {
  let bytes = 0
  return new TransformStream({
    transform(chunk, controller) {
      bytes += chunk.byteLength
      if (bytes > maxBytes) controller.error(tooLarge(maxBytes))
      else controller.enqueue(chunk)
    },
  })
}

function capEvents(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  id: string | number | undefined,
  onEnd: (error: ConnectionError) => void,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const length = createEventLength()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          if (id === undefined) onEnd(broken())
          controller.close()
          return
        }
        if (length.add(value) > maxBytes) throw tooLarge(maxBytes)
        controller.enqueue(value)
      } catch (error) {
        void reader.cancel().catch(() => undefined)
        if (id === undefined) {
          onEnd(error instanceof ConnectionError ? error : broken())
          controller.error(error)
          return
        }
        controller.enqueue(errorEvent(id, error))
        controller.close()
      }
    },
    cancel: (reason) => reader.cancel(reason),
  })
}

function errorEvent(id: string | number, reason: unknown): Uint8Array {
  const error =
    reason instanceof ConnectionError
      ? { code: tooLargeCode, message: reason.message }
      : { code: brokenCode, message: 'The answer broke off.' }
  const event = `\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, error })}\n\n`
  return new TextEncoder().encode(event)
}

/** Measures the longest event up to now; events end with an empty line. */
function createEventLength(): { add(chunk: Uint8Array): number } {
  let current = 0
  let longest = 0
  let isLineEmpty = true
  return {
    add: (chunk) => {
      for (const byte of chunk) {
        current += 1
        if (byte === 0x0a) {
          if (isLineEmpty) {
            longest = Math.max(longest, current)
            current = 0
          }
          isLineEmpty = true
        } else if (byte !== 0x0d) isLineEmpty = false
      }
      return Math.max(longest, current)
    },
  }
}

/** The error code with which the client is told that an answer was too long. */
export const tooLargeCode = -32_099

/** The error code with which the client is told that an answer broke off. */
export const brokenCode = -32_098

function broken(): ConnectionError {
  return new ConnectionError('closed', 'The connection ended.')
}

/** The error of a message that is over the limit. */
export function tooLarge(maxBytes: number): ConnectionError {
  return new ConnectionError('invalid', `The server sent a message of more than ${maxBytes} bytes.`)
}

function requestId(init: RequestInit | undefined): string | number | undefined {
  if (typeof init?.body !== 'string') return undefined
  const message: unknown = JSON.parse(init.body)
  if (typeof message !== 'object' || message === null || !('id' in message)) return undefined
  return typeof message.id === 'string' || typeof message.id === 'number' ? message.id : undefined
}
