/** Every reason for which this package throws. Codes are public API. */
export type SessionsErrorCode =
  | 'SESSIONS_INPUT_INVALID'
  | 'SESSIONS_NOT_FOUND'
  | 'SESSIONS_STORE_CLOSED'
  | 'SESSIONS_STORE_FAILED'
  | 'SESSIONS_MIGRATION_FAILED'

/** Base of all errors of this package. */
export abstract class SessionsError extends Error {
  /** The name of the class, kept when code is minified. */
  abstract override readonly name: string
  /** Says what happened; stays the same when the message is reworded. */
  abstract readonly code: SessionsErrorCode
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean = false
}

/** Thrown when something that should be stored, or asked for, cannot be. */
export class InputInvalidError extends SessionsError {
  override readonly name = 'InputInvalidError'
  readonly code = 'SESSIONS_INPUT_INVALID'
  /** Which input: `owner`, `content`, `limit`. */
  readonly field: string

  constructor(field: string, message: string) {
    super(message)
    this.field = field
  }
}

/** Thrown when there is no such session, or when it is somebody else's: the two look the same. */
export class SessionNotFoundError extends SessionsError {
  override readonly name = 'SessionNotFoundError'
  readonly code = 'SESSIONS_NOT_FOUND'

  constructor() {
    super('There is no such session.')
  }
}

/** Thrown when a store is used after it was closed. */
export class StoreClosedError extends SessionsError {
  override readonly name = 'StoreClosedError'
  readonly code = 'SESSIONS_STORE_CLOSED'

  constructor() {
    super('The session store was closed.')
  }
}

/** Thrown when the database or the files behind a store failed. `cause` holds the error. */
export class StoreFailedError extends SessionsError {
  override readonly name = 'StoreFailedError'
  readonly code = 'SESSIONS_STORE_FAILED'

  constructor(options: { readonly cause: unknown; readonly what?: 'database' | 'files' }) {
    super(`The ${options.what ?? 'database'} of the session store failed.`, options)
  }
}

/** Thrown when the tables could not be brought to the asked version. `cause` holds the error. */
export class MigrationFailedError extends SessionsError {
  override readonly name = 'MigrationFailedError'
  readonly code = 'SESSIONS_MIGRATION_FAILED'

  constructor(options: { readonly cause: unknown }) {
    super('The tables of the session store could not be migrated.', options)
  }
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isSessionsError(error: unknown): error is SessionsError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SESSIONS_')
}
