/** Every reason for which this package throws. Codes are public API. */
export type OrchestratorErrorCode =
  | 'MCP_OPTION_INVALID'
  | 'MCP_CONNECTION_FAILED'
  | 'MCP_SERVERS_MISSING'
  | 'MCP_GATHER_INCOMPLETE'
  | 'MCP_CONFIG_INVALID'
  | 'MCP_ORCHESTRATOR_CLOSED'

/** Base of all errors of this package. */
export abstract class OrchestratorError extends Error {
  /** The name of the class, kept when code is minified. */
  abstract override readonly name: string
  /** Says what happened; stays the same when the message is reworded. */
  abstract readonly code: OrchestratorErrorCode
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean = false
}

/** Thrown at once by a factory when one of its options cannot work. */
export class OptionInvalidError extends OrchestratorError {
  override readonly name = 'OptionInvalidError'
  readonly code = 'MCP_OPTION_INVALID'
}

/** Thrown when an orchestrator is used after it was closed. */
export class OrchestratorClosedError extends OrchestratorError {
  override readonly name = 'OrchestratorClosedError'
  readonly code = 'MCP_ORCHESTRATOR_CLOSED'

  constructor() {
    super('The orchestrator was closed.')
  }
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isOrchestratorError(error: unknown): error is OrchestratorError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('MCP_')
}
