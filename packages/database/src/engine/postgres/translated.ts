import {
  DatabaseUnavailableError,
  QueryFailedError,
  StatementRefusedError,
} from '../../errors/errors.ts'
import { saysUntrusted } from '../untrusted.ts'

/** Where a text is when PostgreSQL reports an error. */
export interface Moment {
  /** The text that is being prepared. */
  readonly preparing?: string | undefined
}

/**
 * Translates what PostgreSQL and the way to it report; anything else stays what it is.
 *
 * While a text is prepared, names that are wrong are told, as that helps to repair it. Once it runs,
 * names can come from values, as in `email::regclass`, and are not.
 */
export function translated(error: unknown, { preparing }: Moment = {}): unknown {
  if (!(error instanceof Error)) return error
  if ('code' in error && saysUntrusted(String(error.code))) {
    return new DatabaseUnavailableError(
      `The certificate of the PostgreSQL server is not accepted (${String(error.code)}).`,
      { retryable: false },
    )
  }
  const engineCode = sqlStateOf(error)
  if (engineCode === undefined) return saysLost(error) ? unreachable(error) : error
  if (engineCode === '25006' || engineCode === '25001') {
    return new StatementRefusedError('The session only reads.', { engineCode })
  }
  if (error.message.includes('multiple commands')) {
    return new StatementRefusedError('The text holds more than one statement.', { engineCode })
  }
  // A text with a parameter is no lost connection, although the code is one of those.
  if (engineCode === '08P01') {
    return new QueryFailedError(`PostgreSQL: ${placeholders} (${engineCode}).`, { engineCode })
  }
  if (passing.test(engineCode)) {
    return new DatabaseUnavailableError(`PostgreSQL ended the connection (${engineCode}).`)
  }
  if (refusing.test(engineCode)) {
    return new DatabaseUnavailableError(`PostgreSQL refused the connection (${engineCode}).`, {
      retryable: false,
    })
  }
  const isAboutText =
    preparing !== undefined && engineCode.startsWith('42') && !isAboutLiteral(error, preparing)
  const reason = isAboutText
    ? error.message
    : (reasons[engineCode] ?? reasons[engineCode.slice(0, 2)] ?? unknown)
  const retryable = engineCode.startsWith('40') || engineCode === '55P03'
  return new QueryFailedError(`PostgreSQL: ${reason} (${engineCode}).`, { engineCode, retryable })
}

/** Lost connections, shutdown, crash of a neighbour, start-up, and no room for a connection. */
const passing = /^(?:08...|57P0[1-5]|53300)$/
/** A wrong password or role, or a database that does not exist. */
const refusing = /^(?:28...|3D000)$/

const unknown = 'the statement failed'
const placeholders = 'the text has parameters, for which there are no values'

const reasons: Readonly<Record<string, string>> = {
  '0A': 'the statement uses something that is not supported',
  '21': 'a subquery gave more than one row',
  '22': 'a value cannot be converted or computed with',
  '25': 'the transaction does not allow it',
  '42': 'a value names or is something that cannot be used here',
  '42601': 'the text is not valid SQL',
  '42501': 'the role may not do this',
  '40': 'the statement collided with another one',
  '53': 'the server ran out of a resource',
  '54': 'the statement exceeds a limit of the server',
  '55': 'something that the statement needs is locked',
  '57': 'the server cancelled the statement',
}

/** Whether the place that the error points at is a literal, such as `'secret'::regclass`. */
function isAboutLiteral(error: Error, text: string): boolean {
  const position = 'position' in error ? Number(error.position) : Number.NaN
  if (!Number.isSafeInteger(position)) return false
  // It counts characters, not units of UTF-16.
  const from = Array.from(text)
    .slice(position - 1, position + 2)
    .join('')
  return /^(?:[\d'$]|[EBXN]'|U&')/i.test(from)
}

function unreachable(error: Error): DatabaseUnavailableError {
  const code = 'code' in error && typeof error.code === 'string' ? ` (${error.code})` : ''
  return new DatabaseUnavailableError(`PostgreSQL cannot be reached${code}.`)
}

function saysLost(error: Error): boolean {
  const isSystemError = 'code' in error && /^E[A-Z]+/.test(String(error.code))
  return isSystemError || /^Connection terminated|timeout expired|not queryable/.test(error.message)
}

function sqlStateOf(error: Error): string | undefined {
  if (!('code' in error)) return undefined
  const { code } = error
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) && /\d/.test(code)
    ? code
    : undefined
}
