import { UnauthorizedError } from '@modelcontextprotocol/sdk/client/auth.js'
import { SseError } from '@modelcontextprotocol/sdk/client/sse.js'
import { StreamableHTTPError } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { OAuthError } from '@modelcontextprotocol/sdk/server/auth/errors.js'
import { McpError } from '@modelcontextprotocol/sdk/types.js'
import { statusIn, unreachedIn, type Fault } from '../session/classify.ts'

/** Says what an error of `@modelcontextprotocol/sdk` means. */
export function readFault(error: unknown): Fault {
  if (error instanceof McpError) {
    // The SDK puts words of its own before the server's.
    const message = error.message.replace(/^MCP error -?\d+: /, '')
    return { type: 'answer', code: error.code, message }
  }
  if (error instanceof StreamableHTTPError) return { type: 'status', status: error.code ?? 0 }
  if (error instanceof SseError) {
    return error.code === undefined
      ? unreachedIn(error.message)
      : { type: 'status', status: error.code }
  }
  if (error instanceof OAuthError) return { type: 'no-token', code: error.errorCode }
  if (error instanceof UnauthorizedError) return { type: 'status', status: 401 }
  if (error instanceof Error && error.message === 'Not connected') return { type: 'unsent' }
  if (error instanceof Error && error.message.startsWith("Server's protocol version")) {
    return { type: 'version', message: error.message }
  }
  const status = error instanceof Error ? statusIn(error.message) : undefined
  return status === undefined ? { type: 'unknown' } : { type: 'status', status }
}

/** Whether a server wants a token that it was not given. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof UnauthorizedError
}
