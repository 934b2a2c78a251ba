import {
  OAuthClientFlowError,
  OAuthError,
  ProtocolError,
  SdkError,
  SdkErrorCode,
  SdkHttpError,
  SseError,
  UnauthorizedError,
} from '@modelcontextprotocol/client'
import { statusIn, unreachedIn, type Fault } from '../session/classify.ts'

/** Says what an error of `@modelcontextprotocol/client` means. */
export function readFault(error: unknown): Fault {
  if (error instanceof ProtocolError) {
    return { type: 'answer', code: error.code, message: error.message }
  }
  if (error instanceof OAuthError) return { type: 'no-token', code: error.code }
  if (error instanceof OAuthClientFlowError) return { type: 'no-token', code: '' }
  if (error instanceof UnauthorizedError) return { type: 'status', status: 401 }
  if (error instanceof SdkHttpError) return { type: 'status', status: error.status }
  if (error instanceof SseError) {
    return error.code === undefined
      ? unreachedIn(error.message)
      : { type: 'status', status: error.code }
  }
  if (error instanceof SdkError) {
    if (error.code === SdkErrorCode.NotConnected) return { type: 'unsent' }
    if (error.code === SdkErrorCode.EraNegotiationFailed) {
      return { type: 'version', message: 'Client and server have no protocol version in common.' }
    }
  }
  const status = error instanceof Error ? statusIn(error.message) : undefined
  return status === undefined ? { type: 'unknown' } : { type: 'status', status }
}

/** Whether a server wants a token that it was not given. */
export function isUnauthorized(error: unknown): boolean {
  return error instanceof UnauthorizedError
}
