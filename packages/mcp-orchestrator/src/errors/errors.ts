/** Every reason for which this package throws. Codes are public API. */
export type OrchestratorErrorCode =
  | 'MCP_OPTION_INVALID'
  | 'MCP_CONNECTION_FAILED'
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

/**
 * In which way a server did not answer.
 *
 * - `unreachable`: it could not be reached, or answered that it cannot serve now;
 * - `timeout`: it did not answer before its deadline;
 * - `closed`: the connection, or the session on it, ended;
 * - `refused`: it answered that it will not do this;
 * - `invalid`: it answered with something that cannot be used.
 */
export type ConnectionFailureKind = 'unreachable' | 'timeout' | 'closed' | 'refused' | 'invalid'

/** Options for {@link ConnectionError}. */
export interface ConnectionErrorOptions {
  readonly cause?: unknown
  /**
   * Whether the request certainly did nothing, so that even a tool may be called again.
   * @defaultValue false
   */
  readonly isSafeToRepeat?: boolean | undefined
}

/**
 * Thrown by connectors and connections; the orchestrator turns it into a named failure.
 *
 * The message is one sentence without secrets: it is shown to people.
 */
export class ConnectionError extends OrchestratorError {
  override readonly name = 'ConnectionError'
  readonly code = 'MCP_CONNECTION_FAILED'
  override readonly retryable: boolean
  readonly kind: ConnectionFailureKind
  /** Whether the request certainly did nothing, so that even a tool may be called again. */
  readonly isSafeToRepeat: boolean

  constructor(kind: ConnectionFailureKind, message: string, options: ConnectionErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.isSafeToRepeat = options.isSafeToRepeat ?? false
    this.retryable = kind === 'unreachable' || kind === 'timeout' || kind === 'closed'
  }
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isOrchestratorError(error: unknown): error is OrchestratorError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('MCP_')
}
