/** Every reason for which this package throws. Codes are public API. */
export type DatabaseErrorCode =
  | 'DATABASE_OPTION_INVALID'
  | 'DATABASE_ENGINE_UNSUPPORTED'
  | 'DATABASE_CLOSED'
  | 'DATABASE_UNAVAILABLE'
  | 'DATABASE_QUERY_FAILED'
  | 'DATABASE_QUERY_TIMED_OUT'
  | 'DATABASE_STATEMENT_REFUSED'

/** Base of all errors of this package. Messages never hold rows, literals or secrets. */
export abstract class DatabaseError extends Error {
  /** The name of the class, kept when code is minified. */
  abstract override readonly name: string
  /** Says what happened; stays the same when the message is reworded. */
  abstract readonly code: DatabaseErrorCode
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean = false
}

/** Thrown at once by a factory or a call, when an option cannot work. */
export class OptionInvalidError extends DatabaseError {
  override readonly name = 'OptionInvalidError'
  readonly code = 'DATABASE_OPTION_INVALID'
}

/** Thrown when the runtime lacks what a safe session needs. */
export class EngineUnsupportedError extends DatabaseError {
  override readonly name = 'EngineUnsupportedError'
  readonly code = 'DATABASE_ENGINE_UNSUPPORTED'
}

/** Thrown by a call on a database that was closed. */
export class DatabaseClosedError extends DatabaseError {
  override readonly name = 'DatabaseClosedError'
  readonly code = 'DATABASE_CLOSED'

  constructor() {
    super('The database is closed.')
  }
}

/** Thrown when the server cannot be reached, or the connection to it broke. */
export class DatabaseUnavailableError extends DatabaseError {
  override readonly name = 'DatabaseUnavailableError'
  readonly code = 'DATABASE_UNAVAILABLE'
  /** `false` where the server answered that it will not take us: a wrong password, no such database. */
  override readonly retryable: boolean

  constructor(reason: string, options: { readonly retryable?: boolean | undefined } = {}) {
    super(withoutLiterals(reason))
    this.retryable = options.retryable ?? true
  }
}

/** Thrown when the engine reported an error for a statement. */
export class QueryFailedError extends DatabaseError {
  override readonly name = 'QueryFailedError'
  readonly code = 'DATABASE_QUERY_FAILED'
  override readonly retryable: boolean
  /** What the engine calls the error: an SQLSTATE, or a result code of SQLite. */
  readonly engineCode: string | undefined

  /** `reason` is one sentence; text between quotes that could be data is taken out of it. */
  constructor(
    reason: string,
    options: {
      readonly engineCode?: string | undefined
      readonly retryable?: boolean | undefined
    } = {},
  ) {
    super(withoutLiterals(reason))
    this.engineCode = options.engineCode
    this.retryable = options.retryable ?? false
  }
}

/** Thrown when a reading took longer than it may. The statement does not run any more. */
export class QueryTimedOutError extends DatabaseError {
  override readonly name = 'QueryTimedOutError'
  readonly code = 'DATABASE_QUERY_TIMED_OUT'
  /** The cap, in milliseconds. */
  readonly timeoutMs: number

  constructor(timeoutMs: number) {
    super(`The query took longer than ${timeoutMs} ms.`)
    this.timeoutMs = timeoutMs
  }
}

/** Thrown when the session itself stopped a text, whatever a guard said about it. */
export class StatementRefusedError extends DatabaseError {
  override readonly name = 'StatementRefusedError'
  readonly code = 'DATABASE_STATEMENT_REFUSED'
  /** What the engine calls the error, where the engine refused. */
  readonly engineCode: string | undefined

  constructor(reason: string, options: { readonly engineCode?: string | undefined } = {}) {
    super(withoutLiterals(reason))
    this.engineCode = options.engineCode
  }
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('DATABASE_')
}

const longestReason = 300

function withoutLiterals(reason: string): string {
  const oneLine = reason
    .replaceAll(/'[^']*'?/g, "'…'")
    .replaceAll(/\$(\w*)\$[\s\S]*?(?:\$\1\$|$)/g, "'…'")
    // A number that a parser stumbled over.
    .replaceAll(/"[.\d][^"]*"/g, '"…"')
    .replaceAll(/\s+/g, ' ')
    .trim()
  return oneLine.length > longestReason ? `${oneLine.slice(0, longestReason)}…` : oneLine
}
