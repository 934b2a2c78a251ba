/** Every reason for which this package throws. Codes are public API. */
export type MetricsErrorCode =
  | 'METRICS_OPTION_INVALID'
  | 'METRICS_DEFINITION_INVALID'
  | 'METRICS_DEFINITION_CONFLICT'

/** Base of all errors of this package. */
export abstract class MetricsError extends Error {
  /** The name of the class, kept when code is minified. */
  abstract override readonly name: string
  /** Says what happened; stays the same when the message is reworded. */
  abstract readonly code: MetricsErrorCode
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean = false
}

/** Thrown at once by a factory when one of its options cannot work. */
export class OptionInvalidError extends MetricsError {
  override readonly name = 'OptionInvalidError'
  readonly code = 'METRICS_OPTION_INVALID'
}

/** Thrown when a metric is asked for with a definition that no end could export. */
export class DefinitionInvalidError extends MetricsError {
  override readonly name = 'DefinitionInvalidError'
  readonly code = 'METRICS_DEFINITION_INVALID'
}

/** Thrown when one name is asked for with two different definitions. */
export class DefinitionConflictError extends MetricsError {
  override readonly name = 'DefinitionConflictError'
  readonly code = 'METRICS_DEFINITION_CONFLICT'
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isMetricsError(error: unknown): error is MetricsError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('METRICS_')
}
