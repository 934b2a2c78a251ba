import { ConnectionError } from '../../errors/connection-error.ts'
import { noToken } from '../session/classify.ts'
import type { Fetch } from './capped-fetch.ts'
import { isLoopback } from './check-url.ts'
import { SharedAnswers } from './shared-answers.ts'

/** Where the tokens of one server are kept, as both SDKs have it. */
export interface TokenStore {
  tokens(): HeldTokens | undefined | Promise<HeldTokens | undefined>
}

interface HeldTokens {
  readonly access_token: string
}

/** What goes where. */
export interface FetchScope {
  /** The MCP server. */
  readonly url: URL
  /** For the MCP server only. */
  readonly headers: Readonly<Record<string, string>>
  /** Whether `http:` is accepted beyond this machine. */
  readonly allowPlainHttp: boolean
  /** The authorization server, when it is known; nothing is read from a third one then. */
  readonly issuerOrigin?: string | undefined
  readonly store: TokenStore
}

/**
 * Keeps the headers of a server from the authorization servers that an SDK asks on the way, and an
 * SDK from addresses that a server makes up. However many requests are refused at the same time, one
 * new token is asked for.
 */
export function scopedFetch(inner: Fetch, scope: FetchScope): Fetch {
  const { url: home, headers, issuerOrigin, store } = scope
  const shared = new SharedAnswers(inner)
  /** The token that the server refused last. */
  let refused: string | undefined
  /** Whether a new token was got, and the server has accepted none since. */
  let isOnTrial = false

  async function getToken(target: URL, init: RequestInit | undefined): Promise<Response> {
    const current = isFirst(init) ? undefined : await store.tokens()
    // Somebody else has got it since this request was refused.
    if (current !== undefined && current.access_token !== refused) return Response.json(current)
    // An SDK may ask for one token after the other.
    if (current !== undefined && isOnTrial) throw unwanted()
    const response = await shared.send(target, init)
    if (response.ok) isOnTrial = true
    if (response.ok || issuerOrigin === undefined) return response
    // Told here: an SDK tries again, and writes what the server said to the console.
    throw noToken(undefined, await reasonIn(response))
  }

  async function ask(target: URL, init: RequestInit): Promise<Response> {
    const response = await inner(target, init)
    if (response.ok) isOnTrial = false
    if (response.status !== 401 && response.status !== 403) return response
    const used = tokenIn(init)
    const current = (await store.tokens())?.access_token
    if (current === undefined || current === used) {
      refused = used
      return response
    }
    await response.body?.cancel()
    const again = await inner(target, withToken(current, init))
    if (again.ok) isOnTrial = false
    else if (again.status === 401 || again.status === 403) refused = current
    return again
  }

  return async (url, init) => {
    const target = new URL(url)
    const isElsewhere = target.origin !== home.origin
    const request = isElsewhere ? init : withOwn(headers, init)
    const isRead = init?.method === undefined || init.method === 'GET'
    if (isElsewhere) checkTarget(target, isRead, scope)
    if (isForToken(init)) return getToken(target, request)
    if (isElsewhere || (isRead && !isStream(init))) return shared.send(target, request)
    return ask(target, withOwn(headers, init))
  }
}

function unwanted(): ConnectionError {
  return new ConnectionError('unauthorized', 'The server refuses the token that it asked for.')
}

/** @throws {@link ConnectionError} when a server must not send the client there. */
function checkTarget(target: URL, isRead: boolean, scope: FetchScope): void {
  const { url, allowPlainHttp, issuerOrigin } = scope
  if (isRead && issuerOrigin !== undefined && target.origin !== issuerOrigin) {
    const message = 'The server sends the client to another authorization server than its own.'
    throw new ConnectionError('unauthorized', message)
  }
  const isSafe = isLoopback(target.hostname)
    ? isLoopback(url.hostname) || issuerOrigin === target.origin
    : target.protocol === 'https:' || allowPlainHttp
  if (isSafe) return
  const message = 'The server sends the client to an authorization server that must not be asked.'
  throw new ConnectionError('unauthorized', message)
}

function withOwn(headers: FetchScope['headers'], init: RequestInit | undefined): RequestInit {
  const all = new Headers(headers)
  for (const [name, value] of new Headers(init?.headers)) all.set(name, value)
  return { ...init, headers: all }
}

function withToken(token: string, init: RequestInit): RequestInit {
  const headers = new Headers(init.headers)
  headers.set('authorization', `Bearer ${token}`)
  return { ...init, headers }
}

function tokenIn(init: RequestInit): string | undefined {
  return /^Bearer (.+)$/.exec(new Headers(init.headers).get('authorization') ?? '')?.[1]
}

/** Messages of the protocol are JSON, and requests for tokens are forms. */
function isForToken(init: RequestInit | undefined): boolean {
  return /^application\/x-www-form-urlencoded\b/i.test(
    new Headers(init?.headers).get('content-type') ?? '',
  )
}

/** Whether somebody has just agreed: that token is another one than any before. */
function isFirst(init: RequestInit | undefined): boolean {
  const { body } = init ?? {}
  const form = body instanceof URLSearchParams ? body : new URLSearchParams(textIn(body))
  return !['client_credentials', 'refresh_token'].includes(form.get('grant_type') ?? '')
}

function textIn(body: unknown): string {
  return typeof body === 'string' ? body : ''
}

/** What an SDK reads that is no stream tells about authorization servers. */
function isStream(init: RequestInit | undefined): boolean {
  return /\btext\/event-stream\b/.test(new Headers(init?.headers).get('accept') ?? '')
}

async function reasonIn(response: Response): Promise<string> {
  if (response.status >= 500) return 'server_error'
  if (response.status === 429) return 'too_many_requests'
  const answer: unknown = await response.json().catch(() => undefined)
  const isRecord = typeof answer === 'object' && answer !== null
  return isRecord && 'error' in answer ? String(answer.error) : ''
}
