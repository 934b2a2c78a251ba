import { ConnectionError } from '../../errors/connection-error.ts'
import { plainLine } from '../../outcome/plain-text.ts'
import { brokenCode, tooLargeCode } from '../web/capped-body.ts'
import { redact } from './redact.ts'

/** What an error of an SDK means, whichever SDK it is. */
export type Fault =
  /** The server answered with a JSON-RPC error. */
  | { readonly type: 'answer'; readonly code: number; readonly message: string }
  /** The server answered with an HTTP status. */
  | { readonly type: 'status'; readonly status: number }
  /** The server could not be reached; `code` is the system's word for why. */
  | { readonly type: 'unreached'; readonly code: string | undefined }
  /** The request was not sent: there is no connection. */
  | { readonly type: 'unsent' }
  /** The authorization server gave no token; `code` is the reason of OAuth. */
  | { readonly type: 'no-token'; readonly code: string }
  /** Client and server have no version of the protocol in common. */
  | { readonly type: 'version'; readonly message: string }
  | { readonly type: 'unknown' }

/** What is known about a connection when one of its requests failed. */
export interface ClassifyContext {
  readonly readFault: (error: unknown) => Fault
  readonly secrets: readonly string[]
  /** Whether the transport has ended. */
  readonly isClosed: boolean
  /** Whether the server had given the connection a session. */
  readonly hadSession: boolean
}

/** Turns an error of an SDK into one with a kind and a message fit for people. */
export function classify(error: unknown, context: ClassifyContext): ConnectionError {
  if (error instanceof ConnectionError) return error
  for (const cause of causesOf(error)) {
    if (cause instanceof ConnectionError) return cause
    if (cause instanceof TypeError && cause.message === 'fetch failed') return noFetch(cause)
  }
  const fault = context.readFault(error)
  switch (fault.type) {
    case 'answer':
      return classifyAnswer(error, fault.code, fault.message, context)
    case 'status':
      return classifyStatus(error, fault.status, context.hadSession)
    case 'unreached':
      return unreachable(error, fault.code)
    case 'unsent':
      return closed(error, true)
    case 'no-token':
      return noToken(error, fault.code)
    case 'version':
      if (context.isClosed) return closed(error, false)
      return new ConnectionError('refused', plainLine(fault.message, 200), { cause: error })
    case 'unknown':
  }
  return context.isClosed ? closed(error, false) : unusable(error)
}

/** An SDK may wrap what our own transport or fetch threw. */
function causesOf(error: unknown): readonly Error[] {
  const causes: Error[] = []
  for (let inner = error; inner instanceof Error && causes.length < 4; inner = inner.cause) {
    causes.push(inner)
  }
  return causes
}

function classifyAnswer(
  cause: unknown,
  code: number,
  message: string,
  context: ClassifyContext,
): ConnectionError {
  if (context.isClosed || code === brokenCode) return closed(cause, false)
  if (code === tooLargeCode) {
    return new ConnectionError('invalid', plainLine(redact(message)), { cause })
  }
  const said = plainLine(redact(message, context.secrets), 200)
  return new ConnectionError('refused', `The server answered with error ${code}: ${said}`, {
    cause,
  })
}

function classifyStatus(cause: unknown, status: number, hadSession: boolean): ConnectionError {
  const message = `The server answered with HTTP status ${status}.`
  if (status === 404 && hadSession) {
    return new ConnectionError('closed', 'The server no longer knows the session.', {
      cause,
      isSafeToRepeat: true,
    })
  }
  if (status === 401 || status === 403)
    return new ConnectionError('unauthorized', message, { cause })
  if (status === 429 || status >= 500) return new ConnectionError('unreachable', message, { cause })
  if (status >= 300) return new ConnectionError('refused', message, { cause })
  return new ConnectionError('invalid', 'The server answered with an unexpected content type.', {
    cause,
  })
}

/** An authorization server gave no token; `code` is the reason of OAuth. */
export function noToken(cause: unknown, code: string): ConnectionError {
  const reason = /^[a-z_]{1,40}$/.test(code) ? ` (${code})` : ''
  const isPassing = /^(?:server_error|temporarily_unavailable|too_many_requests)$/.test(code)
  return isPassing
    ? new ConnectionError('unreachable', `The authorization server gives no token now${reason}.`, {
        cause,
      })
    : new ConnectionError('unauthorized', `The authorization server gave no token${reason}.`, {
        cause,
      })
}

function noFetch(error: TypeError): ConnectionError {
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? String(cause.code) : undefined
  return unreachable(error, code)
}

function unreachable(cause: unknown, code: string | undefined): ConnectionError {
  const reason = code === undefined ? '' : ` (${code})`
  return new ConnectionError('unreachable', `The server could not be reached${reason}.`, {
    cause,
    isSafeToRepeat: code === 'ECONNREFUSED',
  })
}

function closed(cause: unknown, isSafeToRepeat: boolean): ConnectionError {
  return new ConnectionError('closed', 'The connection ended.', { cause, isSafeToRepeat })
}

function unusable(cause: unknown): ConnectionError {
  return new ConnectionError('invalid', 'The server answered with something unreadable.', { cause })
}

/** The HTTP status in the words of an SSE client, whose errors have no other place for it. */
export function statusIn(message: string): number | undefined {
  const [, status] = /\(HTTP (\d{3})\)/.exec(message) ?? []
  return status === undefined ? undefined : Number(status)
}

/** What an SSE client makes of a server that cannot be reached. */
export function unreachedIn(message: string): Fault {
  return { type: 'unreached', code: /\bE[A-Z]{4,}\b/.exec(message)?.[0] }
}
