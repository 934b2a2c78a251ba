import {
  DatabaseUnavailableError,
  QueryFailedError,
  StatementRefusedError,
} from '../../errors/errors.ts'

/** Translates what PostgreSQL and the way to it report; anything else stays what it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error)) return error
  const engineCode = sqlStateOf(error)
  if (engineCode === undefined) return saysLost(error) ? unreachable(error) : error
  if (engineCode === '25006' || engineCode === '25001') {
    return new StatementRefusedError('The session only reads.', { engineCode })
  }
  if (error.message.includes('multiple commands')) {
    return new StatementRefusedError('The text holds more than one statement.', { engineCode })
  }
  if (passing.test(engineCode)) {
    return new DatabaseUnavailableError(`PostgreSQL ended the connection (${engineCode}).`)
  }
  if (refusing.test(engineCode)) {
    return new DatabaseUnavailableError(`PostgreSQL refused the connection (${engineCode}).`, {
      retryable: false,
    })
  }
  // Messages about names and syntax help to repair; others can hold values of rows.
  const reason = engineCode.startsWith('42')
    ? error.message
    : (reasons[engineCode.slice(0, 2)] ?? unknown)
  const retryable = engineCode.startsWith('40') || engineCode === '55P03'
  return new QueryFailedError(`PostgreSQL: ${reason} (${engineCode}).`, { engineCode, retryable })
}

/** Lost connections, shutdown, crash of a neighbour, start-up, and no room for a connection. */
const passing = /^(?:08...|57P0[1-5]|53300)$/
/** A wrong password or role, or a database that does not exist. */
const refusing = /^(?:28...|3D000)$/

const unknown = 'the statement failed'

const reasons: Readonly<Record<string, string>> = {
  '0A': 'the statement uses something that is not supported',
  '21': 'a subquery gave more than one row',
  '22': 'a value cannot be converted or computed with',
  '25': 'the transaction does not allow it',
  '40': 'the statement collided with another one',
  '53': 'the server ran out of a resource',
  '54': 'the statement exceeds a limit of the server',
  '55': 'something that the statement needs is locked',
  '57': 'the server cancelled the statement',
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
