import { ConnectionError } from '../errors/connection-error.ts'
import { isOrchestratorError } from '../errors/errors.ts'
import type { Failure } from './outcome.ts'
import { plainLine } from './plain-text.ts'

/** Turns whatever a connector threw into an error with a kind. */
export function asConnectionError(
  error: unknown,
  otherwise: ConnectionError['kind'],
): ConnectionError {
  if (isConnectionError(error)) return error
  const name = error instanceof Error ? error.name : typeof error
  return new ConnectionError(otherwise, `The connector failed with ${plainLine(name, 60)}.`, {
    cause: error,
  })
}

/** Recognises connection errors, also those of another copy of this package. */
export function isConnectionError(error: unknown): error is ConnectionError {
  return isOrchestratorError(error) && error.code === 'MCP_CONNECTION_FAILED'
}

/** Where a failure happened. */
export interface FailurePlace {
  readonly server: string
  readonly stage: Failure['stage']
  readonly uri?: string | undefined
}

/** Describes an error as a value. `hint` is what the server said out of band. */
export function failureOf(place: FailurePlace, error: ConnectionError, hint?: string): Failure {
  const message = plainLine(error.message)
  const said = hint === undefined || hint === '' ? undefined : plainLine(hint)
  return {
    server: place.server,
    stage: place.stage,
    kind: error.kind,
    message: said === undefined ? message : `${message.replace(/\.$/, '')}; it last said: ${said}`,
    ...(place.uri === undefined ? {} : { uri: place.uri }),
    ...(error.retryAfterMs === undefined ? {} : { retryAfterMs: error.retryAfterMs }),
  }
}
