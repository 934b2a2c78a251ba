import type { DatabaseSync, StatementSync } from 'node:sqlite'
import { QueryFailedError, StatementRefusedError } from '../../errors/errors.ts'

const notAuthorized = 23
const readOnly = 8
const busy = 5

/**
 * Prepares exactly one statement.
 *
 * `node:sqlite` prepares the first statement of a text and silently ignores what follows, so the
 * rest is prepared as well: only blanks and comments may stand there.
 *
 * @throws {@link StatementRefusedError} when the text holds another statement, or does not read.
 * @throws {@link QueryFailedError} when SQLite cannot prepare the text.
 */
export function prepareOne(connection: DatabaseSync, sql: string): StatementSync {
  if (sql.includes('\0')) throw new StatementRefusedError('The text contains a NUL character.')
  const statement = prepare(connection, sql)
  if (statement === undefined) throw new StatementRefusedError('The text holds no statement.')
  const rest = sql.slice(statement.sourceSQL.length)
  if (!sql.startsWith(statement.sourceSQL) || !isBlank(connection, rest)) {
    throw new StatementRefusedError('The text holds more than one statement.')
  }
  if (statement.columns().length === 0) {
    throw new StatementRefusedError('The statement does not read rows.')
  }
  statement.setReadBigInts(true)
  statement.setReturnArrays(true)
  return statement
}

/** What SQLite says of a running statement without a value in it. */
const fixedMessages =
  /^(?:integer overflow|malformed JSON|string or blob too big|database is locked|no such \w+)/

/**
 * Translates what `node:sqlite` throws; anything else stays what it is. Messages about a text that
 * is prepared name what is wrong; those of one that is `running` can hold values.
 */
export function translated(error: unknown, running?: string): unknown {
  if (!(error instanceof Error) || !('errcode' in error)) return error
  const resultCode = Number(error.errcode)
  const engineCode = String(resultCode)
  const primary = resultCode & 0xff
  const isDenied = primary === notAuthorized || error.message.includes('not authorized')
  if (isDenied || primary === readOnly) {
    return new StatementRefusedError('The session only reads.', { engineCode })
  }
  const retryable = primary === busy
  const reason = running === undefined ? error.message : reasonWhile(running, error.message)
  return new QueryFailedError(`SQLite: ${reason}.`, { engineCode, retryable })
}

/** A table that has changed is noticed when the statement runs: its names stand in the text. */
function reasonWhile(sql: string, message: string): string {
  const [, name] = /^no such (?:column|table): (\S+)$/.exec(message) ?? []
  if (name !== undefined && sql.replaceAll(/'[^']*'/g, '').includes(name)) return message
  return fixedMessages.exec(message)?.[0] ?? 'the statement failed'
}

function prepare(connection: DatabaseSync, sql: string): StatementSync | undefined {
  try {
    return connection.prepare(sql)
  } catch (error) {
    if (saysEmpty(error)) return undefined
    throw translated(error)
  }
}

function isBlank(connection: DatabaseSync, rest: string): boolean {
  if (rest.trim() === '') return true
  try {
    connection.prepare(rest)
    return false
  } catch (error) {
    return saysEmpty(error)
  }
}

function saysEmpty(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_INVALID_ARG_VALUE'
}
