import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpError } from '@modelcontextprotocol/sdk/types.js'
import { ConnectionError } from '../errors/connection-error.ts'
import { plainLine } from '../outcome/plain-text.ts'
import { brokenCode, tooLargeCode } from './capped-fetch.ts'
import { redact } from './redact.ts'

/** What is known about a connection when one of its requests failed. */
export interface ClassifyContext {
  readonly secrets: readonly string[]
  /** Whether the transport has ended. */
  readonly isClosed: boolean
  /** Whether the server had given the connection a session. */
  readonly hadSession: boolean
}

/** Turns an error of the SDK into one with a kind and a message fit for people. */
export function classify(error: unknown, context: ClassifyContext): ConnectionError {
  if (error instanceof ConnectionError) return error
  if (error instanceof McpError) return classifyAnswer(error, context)
  if (error instanceof StreamableHTTPError) return classifyStatus(error, context)
  if (!(error instanceof Error)) return unusable(error)
  if (error.message === 'Not connected') return closed(error, true)
  if (error instanceof TypeError && error.message === 'fetch failed') return noFetch(error)
  return context.isClosed ? closed(error, false) : unusable(error)
}

function classifyAnswer(error: McpError, context: ClassifyContext): ConnectionError {
  if (context.isClosed) return closed(error, false)
  if (error.code === brokenCode) return closed(error, false)
  if (error.code === tooLargeCode) {
    return new ConnectionError('invalid', plainLine(said(error, [])), { cause: error })
  }
  const message = redact(said(error, context.secrets), context.secrets)
  return new ConnectionError(
    'refused',
    `The server answered with error ${error.code}: ${plainLine(message, 200)}`,
    { cause: error },
  )
}

/** The server's own words, without what the SDK puts before them. */
function said(error: McpError, secrets: readonly string[]): string {
  return redact(error.message.replace(/^MCP error -?\d+: /, ''), secrets)
}

function classifyStatus(error: StreamableHTTPError, context: ClassifyContext): ConnectionError {
  const status = error.code ?? 0
  const message = `The server answered with HTTP status ${status}.`
  if (status === 404 && context.hadSession) {
    return new ConnectionError('closed', 'The server no longer knows the session.', {
      cause: error,
      isSafeToRepeat: true,
    })
  }
  if (status === 429 || status >= 500) {
    return new ConnectionError('unreachable', message, { cause: error })
  }
  if (status >= 300) return new ConnectionError('refused', message, { cause: error })
  return new ConnectionError('invalid', 'The server answered with an unexpected content type.', {
    cause: error,
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

function closed(cause: Error, isSafeToRepeat: boolean): ConnectionError {
  return new ConnectionError('closed', 'The connection ended.', { cause, isSafeToRepeat })
}

function unusable(cause: unknown): ConnectionError {
  return new ConnectionError('invalid', 'The server answered with something unreadable.', { cause })
}
