import type { PolicyProblem } from '../policy/check.ts'

/** Every reason for which this package throws. Codes are public API. */
export type SqlGuardErrorCode =
  | 'SQL_GUARD_OPTION_INVALID'
  | 'SQL_GUARD_POLICY_INVALID'
  | 'SQL_GUARD_DIALECT_UNAVAILABLE'

/** Base of all errors of this package. */
export abstract class SqlGuardError extends Error {
  /** The name of the class, kept when code is minified. */
  abstract override readonly name: string
  /** Says what happened; stays the same when the message is reworded. */
  abstract readonly code: SqlGuardErrorCode
  /** Whether the same call may succeed later without any change. */
  readonly retryable: boolean = false
}

/** Thrown when options do not fit together. */
export class OptionInvalidError extends SqlGuardError {
  override readonly name = 'OptionInvalidError'
  readonly code = 'SQL_GUARD_OPTION_INVALID'
}

/** Thrown when a policy cannot work. The message says everything that is wrong. */
export class PolicyInvalidError extends SqlGuardError {
  override readonly name = 'PolicyInvalidError'
  readonly code = 'SQL_GUARD_POLICY_INVALID'
  /** At least one, in the order of the policy. */
  readonly problems: readonly PolicyProblem[]
  /** The file that the policy came out of; absent for one out of code. */
  readonly file: string | undefined

  constructor(problems: readonly PolicyProblem[], file?: string) {
    const written = problems.map(({ path, message, line, column }) => {
      const place = line === undefined ? '' : `${file ?? ''}:${line}:${column ?? 1} `
      return `${place}${path.length === 0 ? 'it' : path.join('.')} ${message}`
    })
    super(`The policy is not valid: ${written.join(' ')}`)
    this.problems = problems
    this.file = file
  }
}

/** Thrown when the parser that a dialect stands on cannot be loaded. `cause` says why. */
export class DialectUnavailableError extends SqlGuardError {
  override readonly name = 'DialectUnavailableError'
  readonly code = 'SQL_GUARD_DIALECT_UNAVAILABLE'
}

/** Recognises this package's errors even when two copies of it are installed. */
export function isSqlGuardError(error: unknown): error is SqlGuardError {
  return error instanceof Error && 'code' in error && String(error.code).startsWith('SQL_GUARD_')
}
