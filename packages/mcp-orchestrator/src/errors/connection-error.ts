import { OrchestratorError } from './errors.ts'

/**
 * In which way a server did not answer.
 *
 * - `unreachable`: it could not be reached, or answered that it cannot serve now;
 * - `timeout`: it did not answer before its deadline;
 * - `closed`: the connection, or the session on it, ended;
 * - `unauthorized`: it wants credentials that it was not given (HTTP 401 or 403);
 * - `refused`: it answered that it will not do this;
 * - `invalid`: it answered with something that cannot be used.
 */
export type ConnectionFailureKind =
  | 'unreachable'
  | 'timeout'
  | 'closed'
  | 'unauthorized'
  | 'refused'
  | 'invalid'

/** Options for {@link ConnectionError}. */
export interface ConnectionErrorOptions {
  readonly cause?: unknown
  /**
   * Whether the request certainly did nothing, so that even a tool may be called again.
   * @defaultValue false
   */
  readonly isSafeToRepeat?: boolean | undefined
  /**
   * Whether another attempt is of no use until something is changed, such as a command that does
   * not exist.
   * @defaultValue whether the kind is `unauthorized` or `refused`
   */
  readonly isPermanent?: boolean | undefined
  /** When the server may be asked again, in milliseconds from now. */
  readonly retryAfterMs?: number | undefined
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
  /** Whether another attempt is of no use until something is changed. */
  readonly isPermanent: boolean
  /** When the server may be asked again, in milliseconds from when the error arose. */
  readonly retryAfterMs: number | undefined

  constructor(kind: ConnectionFailureKind, message: string, options: ConnectionErrorOptions = {}) {
    super(message, { cause: options.cause })
    this.kind = kind
    this.isSafeToRepeat = options.isSafeToRepeat ?? false
    this.isPermanent = options.isPermanent ?? (kind === 'unauthorized' || kind === 'refused')
    this.retryAfterMs = options.retryAfterMs
    this.retryable = isPassing(kind) && !this.isPermanent
  }
}

/** Whether failures of this kind speak of a server, or of a way to it, that is unwell. */
export function isPassing(kind: ConnectionFailureKind): boolean {
  return kind === 'unreachable' || kind === 'timeout' || kind === 'closed'
}
