import { ConnectionError } from '../errors/errors.ts'

type Fetch = (url: string | URL, init?: RequestInit) => Promise<Response>

/**
 * Puts a byte limit on what a server may answer.
 *
 * A body counts as a whole; an event stream counts anew with every event, since it may live long.
 * The client does not notice when an event stream breaks, so there the limit is told to it as an
 * error response to the request, in the place of the rest.
 */
export function cappedFetch(maxBytes: number, inner: Fetch = fetch): Fetch {
  return async (url, init) => {
    const response = await inner(url, init)
    if (response.body === null) return response
    const isStream = /^text\/event-stream\b/i.test(response.headers.get('content-type') ?? '')
    const cap = isStream ? capEvents(maxBytes, requestId(init)) : capBody(maxBytes)
    const { status, statusText, headers } = response
    return new Response(response.body.pipeThrough(cap), { status, statusText, headers })
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
  maxBytes: number,
  id: string | number | undefined,
): TransformStream<Uint8Array, Uint8Array> {
  const length = createEventLength()
  return new TransformStream({
    transform(chunk, controller) {
      if (length.add(chunk) <= maxBytes) {
        controller.enqueue(chunk)
        return
      }
      if (id === undefined) {
        controller.error(tooLarge(maxBytes))
        return
      }
      const error = { code: tooLargeCode, message: tooLarge(maxBytes).message }
      const event = `\n\ndata: ${JSON.stringify({ jsonrpc: '2.0', id, error })}\n\n`
      controller.enqueue(new TextEncoder().encode(event))
      controller.terminate()
    },
  })
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

/** The error code with which the limit is told to the client; from the range left to applications. */
export const tooLargeCode = -32_099

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
