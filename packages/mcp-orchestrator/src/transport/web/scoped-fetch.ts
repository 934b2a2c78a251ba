import { ConnectionError } from '../../errors/connection-error.ts'
import { noToken } from '../session/classify.ts'
import type { Fetch } from './capped-fetch.ts'

/** What goes where. */
export interface FetchScope {
  /** The MCP server. */
  readonly origin: string
  /** For the MCP server only. */
  readonly headers: Readonly<Record<string, string>>
  /** The authorization server, when it is known; nothing is read from a third one then. */
  readonly issuerOrigin?: string | undefined
}

/**
 * Keeps the headers of a server from the authorization servers that an SDK asks on the way, and an
 * SDK from addresses that a server makes up.
 */
export function scopedFetch(inner: Fetch, { origin, headers, issuerOrigin }: FetchScope): Fetch {
  return async (url, init) => {
    const target = new URL(url).origin
    const request = target === origin ? withOwn(headers, init) : init
    if (issuerOrigin === undefined) return inner(url, request)
    const isRead = init?.method === undefined || init.method === 'GET'
    if (isRead && target !== origin && target !== issuerOrigin) {
      const message = 'The server sends the client to another authorization server than its own.'
      throw new ConnectionError('unauthorized', message)
    }
    const response = await inner(url, request)
    if (response.ok || !isForToken(init)) return response
    // Told here: an SDK tries again, and writes what the server said to the console.
    throw noToken(undefined, await reasonIn(response))
  }
}

function withOwn(headers: FetchScope['headers'], init: RequestInit | undefined): RequestInit {
  const all = new Headers(headers)
  for (const [name, value] of new Headers(init?.headers)) all.set(name, value)
  return { ...init, headers: all }
}

/** Messages of the protocol are JSON, and requests for tokens are forms. */
function isForToken(init: RequestInit | undefined): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(
    new Headers(init?.headers).get('content-type') ?? '',
  )
}

async function reasonIn(response: Response): Promise<string> {
  if (response.status >= 500) return 'server_error'
  if (response.status === 429) return 'too_many_requests'
  const answer: unknown = await response.json().catch(() => undefined)
  const isRecord = typeof answer === 'object' && answer !== null
  return isRecord && 'error' in answer ? String(answer.error) : ''
}
