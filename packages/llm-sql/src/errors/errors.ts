import type { MissingSource } from '../assistant/answer.ts'

/** Every reason for which this package throws. Codes are public API. */
export type LlmSqlErrorCode =
  | 'LLM_SQL_OPTION_INVALID'
  | 'LLM_SQL_CATALOG_MISSING'
  | 'LLM_SQL_METADATA_INVALID'
  | 'LLM_SQL_EVALUATION_INVALID'
  | 'LLM_SQL_MODEL_UNREACHABLE'
  | 'LLM_SQL_MODEL_RATE_LIMITED'
  | 'LLM_SQL_MODEL_UNAVAILABLE'
  | 'LLM_SQL_MODEL_REJECTED'
  | 'LLM_SQL_MODEL_REPLY_INVALID'

/** Base of all errors of this package. */
export abstract class LlmSqlError extends Error {
  /** The name of the class, kept when code is minified. */
  abstract override readonly name: string
  /** Says what happened; stays the same when the message is reworded. */
  abstract readonly code: LlmSqlErrorCode
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean = false
}

/** Thrown at once when an option cannot work. */
export class OptionInvalidError extends LlmSqlError {
  override readonly name = 'OptionInvalidError'
  readonly code = 'LLM_SQL_OPTION_INVALID'
}

/** Thrown by a context source that found no catalog. */
export class CatalogMissingError extends LlmSqlError {
  override readonly name = 'CatalogMissingError'
  readonly code = 'LLM_SQL_CATALOG_MISSING'
  override readonly retryable = true
  /** The sources that did not answer, and why. */
  readonly missing: readonly MissingSource[]

  constructor(missing: readonly MissingSource[]) {
    super(
      missing.length === 0
        ? 'No source gave a catalog.'
        : `No source gave a catalog; missing: ${missing.map(({ name }) => name).join(', ')}.`,
    )
    this.missing = missing
  }
}

/** Thrown when a file of metadata cannot be used. The message quotes no value of the file. */
export class MetadataInvalidError extends LlmSqlError {
  override readonly name = 'MetadataInvalidError'
  readonly code = 'LLM_SQL_METADATA_INVALID'
  /** What is wrong, one sentence each. */
  readonly problems: readonly string[]

  constructor(file: string, problems: readonly string[]) {
    const shown = problems.slice(0, 5).join(' ')
    const more = problems.length > 5 ? ` And ${problems.length - 5} more.` : ''
    super(`${file} is not valid metadata. ${shown}${more}`)
    this.problems = problems
  }
}

/** Thrown when an evaluation cannot begin: a file is missing or wrong, or does not fit. */
export class EvaluationInvalidError extends LlmSqlError {
  override readonly name = 'EvaluationInvalidError'
  readonly code = 'LLM_SQL_EVALUATION_INVALID'
}

/** Codes of {@link ModelError}. */
export type ModelErrorCode = Extract<LlmSqlErrorCode, `LLM_SQL_MODEL_${string}`>

/** Thrown when a model could not be reached, refused, or gave something that is not a reply. */
export class ModelError extends LlmSqlError {
  override readonly name = 'ModelError'
  readonly code: ModelErrorCode
  override readonly retryable: boolean
  /** How long the server asked to wait, in milliseconds. */
  readonly retryAfterMs: number | undefined
  /** The HTTP status, where there was one. */
  readonly status: number | undefined

  constructor(
    code: ModelErrorCode,
    message: string,
    details: {
      readonly retryable: boolean
      readonly retryAfterMs?: number | undefined
      readonly status?: number | undefined
      readonly cause?: unknown
    },
  ) {
    super(message, details.cause === undefined ? undefined : { cause: details.cause })
    this.code = code
    this.retryable = details.retryable
    this.retryAfterMs = details.retryAfterMs
    this.status = details.status
  }
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isLlmSqlError(error: unknown): error is LlmSqlError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('LLM_SQL_')
}
