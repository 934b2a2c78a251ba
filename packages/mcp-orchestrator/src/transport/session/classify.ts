import { ConnectionError } from '../../errors/connection-error.ts'
import { plainLine } from '../../outcome/plain-text.ts'
import { brokenCode, tooLargeCode } from '../web/capped-fetch.ts'
import { redact } from './redact.ts'

/** What an error of an SDK means, whichever SDK it is. */
export type Fault =
  /** The server answered with a JSON-RPC error. */
  | { readonly type: 'answer'; readonly code: number; readonly message: string }
  /** The server answered with an HTTP status. */
  | { readonly type: 'status'; readonly status: number }
  /** The request was not sent: there is no connection. */
  | { readonly type: 'unsent' }
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
  const own = causeOf(error)
  if (own !== undefined) return own
  const fault = context.readFault(error)
  switch (fault.type) {
    case 'answer':
      return classifyAnswer(error, fault.code, fault.message, context)
    case 'status':
      return classifyStatus(error, fault.status, context.hadSession)
    case 'unsent':
      return closed(error, true)
    case 'version':
      return new ConnectionError('refused', plainLine(fault.message, 200), { cause: error })
    case 'unknown':
  }
  if (error instanceof TypeError && error.message === 'fetch failed') return noFetch(error)
  return context.isClosed ? closed(error, false) : unusable(error)
}

/** An SDK may wrap what our own transport or fetch threw. */
function causeOf(error: unknown): ConnectionError | undefined {
  for (let inner = error, depth = 0; inner instanceof Error && depth < 4; depth++) {
    if (inner instanceof ConnectionError) return inner
    inner = inner.cause
  }
  return undefined
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

function noFetch(error: TypeError): ConnectionError {
  const { cause } = error
  const code = cause instanceof Error && 'code' in cause ? ` (${String(cause.code)})` : ''
  return new ConnectionError('unreachable', `The server could not be reached${code}.`, {
    cause: error,
    isSafeToRepeat: code === ' (ECONNREFUSED)',
  })
}

function closed(cause: unknown, isSafeToRepeat: boolean): ConnectionError {
  return new ConnectionError('closed', 'The connection ended.', { cause, isSafeToRepeat })
}

function unusable(cause: unknown): ConnectionError {
  return new ConnectionError('invalid', 'The server answered with something unreadable.', { cause })
}
