import { ConnectionError } from '../../errors/connection-error.ts'
import type { OpenCall } from './open-calls.ts'

/** The error code with which the client is told that an answer was too long. */
export const tooLargeCode = -32_099

/** The error code with which the client is told that an answer broke off. */
export const brokenCode = -32_098

/** The error of a message that is over the limit. */
export function tooLarge(maxBytes: number): ConnectionError {
  return new ConnectionError('invalid', `The server sent a message of more than ${maxBytes} bytes.`)
}

/** Counts the bytes of a body that holds one answer. */
export function capBody(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  call: OpenCall | undefined,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  let bytes = 0
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (done) {
          call?.end()
          controller.close()
          return
        }
        bytes += value.byteLength
        if (bytes > maxBytes) throw tooLarge(maxBytes)
        controller.enqueue(value)
      } catch (error) {
        call?.end()
        void reader.cancel().catch(() => undefined)
        controller.error(error)
      }
    },
    cancel: (reason) => {
      call?.end()
      return reader.cancel(reason)
    },
  })
}

/** What an event stream is read for. */
export interface EventsOf {
  /** The request that waits for it; absent when none does. */
  readonly id?: string | number | undefined
  readonly call?: OpenCall | undefined
  /** Told when a stream that no request waits for has ended, and why. */
  readonly onEnd: (error: ConnectionError) => void
}

/** Counts the bytes of each event, and tells the client when the stream ends before the answer. */
export function capEvents(
  body: ReadableStream<Uint8Array>,
  maxBytes: number,
  { id, call, onEnd }: EventsOf,
): ReadableStream<Uint8Array> {
  const reader = body.getReader()
  const events = createEventReader()
  return new ReadableStream({
    async pull(controller) {
      try {
        const { done, value } = await reader.read()
        if (!done) {
          if (events.add(value) > maxBytes) throw tooLarge(maxBytes)
          controller.enqueue(value)
          return
        }
        call?.end()
        if (id === undefined) onEnd(broken())
        // A stream with an id in it may be taken up where it ended.
        else if (!events.hasId) controller.enqueue(errorEvents(id, broken()))
        controller.close()
      } catch (error) {
        call?.end()
        void reader.cancel().catch(() => undefined)
        if (id === undefined) {
          onEnd(error instanceof ConnectionError ? error : broken())
          controller.error(error)
          return
        }
        controller.enqueue(errorEvents(id, error))
        controller.close()
      }
    },
    cancel: (reason) => {
      call?.end()
      return reader.cancel(reason)
    },
  })
}

function broken(): ConnectionError {
  return new ConnectionError('closed', 'The connection ended.')
}

/**
 * An error in the place of the answer. The result after it is for nobody: a client that has seen one
 * does not try to take the stream up again.
 */
function errorEvents(id: string | number, reason: unknown): Uint8Array {
  const error =
    reason instanceof ConnectionError && reason.kind === 'invalid'
      ? { code: tooLargeCode, message: reason.message }
      : { code: brokenCode, message: 'The answer broke off.' }
  const events = [
    { jsonrpc: '2.0', id, error },
    { jsonrpc: '2.0', id, result: {} },
  ].map((message) => `data: ${JSON.stringify(message)}\n\n`)
  return new TextEncoder().encode(`\n\n${events.join('')}`)
}

interface EventReader {
  /** Gives the length of the longest event up to now, in bytes. */
  add(chunk: Uint8Array): number
  /** Whether an event has had an id. */
  readonly hasId: boolean
}

/** Measures events, which end with an empty line. */
function createEventReader(): EventReader {
  let current = 0
  let longest = 0
  /** Bytes of the line up to now. */
  let column = 0
  let isId = false
  let hasId = false
  return {
    get hasId() {
      return hasId
    },
    add: (chunk) => {
      for (const byte of chunk) {
        current += 1
        if (byte === newLine) {
          if (column === 0) {
            longest = Math.max(longest, current)
            current = 0
          }
          column = 0
        } else if (byte !== carriageReturn) {
          if (column === 0) isId = byte === letterI
          else if (column === 1) isId &&= byte === letterD
          else if (column === 2 && isId && byte === colon) hasId = true
          column += 1
        }
      }
      return Math.max(longest, current)
    },
  }
}

const newLine = 0x0a
const carriageReturn = 0x0d
const colon = 0x3a
const letterD = 0x64
const letterI = 0x69
