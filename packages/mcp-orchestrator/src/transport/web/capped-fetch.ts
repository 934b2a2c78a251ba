import { retryAfterFromHeaders } from '@t2t/resilience'
import { ConnectionError } from '../../errors/connection-error.ts'
import { capBody, capEvents } from './capped-body.ts'
import { OpenCalls, messageIn, type OpenCall } from './open-calls.ts'
import { StreamPace } from './stream-pace.ts'
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
 * Puts limits on what a server may answer, for one connection.
 *
 * A body counts as a whole; an event stream counts anew with every event, since it may live long.
 * The client does not notice when an event stream breaks or is cut off. It is told by an error
 * response to its request, in the place of the rest. A request that the client cancels lets go of
 * its socket, and streams that a server ends again and again are opened again with pauses.
 */
export function cappedFetch(maxBytes: number, options: CappedFetchOptions = {}): Fetch {
  const { onStreamEnd = () => undefined, inner = fetch } = options
  const calls = new OpenCalls()
  const pace = new StreamPace()

  async function ask(url: string | URL, init: RequestInit | undefined): Promise<Answer> {
    const message = messageIn(init)
    const send = (own: RequestInit | undefined) => inner(url, withTraceHeaders(own))
    if (message === undefined) {
      if (isStream(init)) await pace.wait(init?.signal ?? undefined)
      return { response: await send(init) }
    }
    const { id, method, cancels } = message
    if (method === undefined) return { response: await calls.answer(() => send(init)) }
    if (id !== undefined) return { id, ...(await calls.send(id, init, send)) }
    const response = await send(init).finally(() => {
      if (cancels !== undefined) calls.cancel(cancels)
    })
    return { response }
  }

  return async (url, init) => {
    const { response, id, call } = await ask(url, init)
    const { body, status, statusText, headers } = response
    const wait = status === 429 || status === 503 ? retryAfterFromHeaders(headers) : undefined
    if (wait !== undefined) {
      call?.end()
      void body?.cancel().catch(() => undefined)
      throw new ConnectionError('unreachable', `The server answered with HTTP status ${status}.`, {
        retryAfterMs: wait,
      })
    }
    if (body === null) {
      call?.end()
      return response
    }
    const isEvents = /^text\/event-stream\b/i.test(headers.get('content-type') ?? '')
    const capped = isEvents
      ? capEvents(body, maxBytes, { id, call, onEnd: onStreamEnd })
      : capBody(body, maxBytes, call)
    return new Response(capped, { status, statusText, headers })
  }
}

interface Answer {
  readonly response: Response
  /** The request that waits for it; absent when none does. */
  readonly id?: string | number | undefined
  readonly call?: OpenCall | undefined
}

function isStream(init: RequestInit | undefined): boolean {
  const isRead = init?.method === undefined || init.method === 'GET'
  return isRead && /\btext\/event-stream\b/.test(new Headers(init?.headers).get('accept') ?? '')
}
