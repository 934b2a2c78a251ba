import {
  DatabaseUnavailableError,
  QueryFailedError,
  StatementRefusedError,
} from '../../errors/errors.ts'
import { saysUntrusted } from '../untrusted.ts'

/** Translates what the server, `mysql2` and the way to it report; anything else stays what it is. */
export function translated(error: unknown): unknown {
  if (!(error instanceof Error) || !('code' in error)) return error
  const code = String(error.code)
  const number = 'errno' in error ? Number(error.errno) : Number.NaN
  const engineCode = Number.isSafeInteger(number) && number > 0 ? String(number) : code
  if (saysUntrusted(code)) {
    return new DatabaseUnavailableError(
      `The certificate of the MySQL server is not accepted (${code}).`,
      { retryable: false },
    )
  }
  if (readOnly.has(number))
    return new StatementRefusedError('The session only reads.', { engineCode })
  if (passing.has(number) || /^E[A-Z]+$/.test(code) || code.startsWith('PROTOCOL_')) {
    return new DatabaseUnavailableError(`The MySQL server cannot be reached (${code}).`)
  }
  if (refusing.has(number)) {
    return new DatabaseUnavailableError(`The MySQL server refused the connection (${code}).`, {
      retryable: false,
    })
  }
  if (!code.startsWith('ER_')) return error
  const reason = naming.has(number)
    ? // Quoted names help to repair; quotes of values would be taken out.
      error.message.replace("doesn't", 'does not').replaceAll("'", '"')
    : (reasons.get(number) ?? 'the statement failed')
  const retryable = number === 1205 || number === 1213
  return new QueryFailedError(`MySQL: ${reason} (${code}).`, { engineCode, retryable })
}

/** Writing in a read-only transaction, and statements that cannot be prepared. */
const readOnly: ReadonlySet<number> = new Set([1290, 1295, 1568, 1792])
/** Too many connections, shutdown, and connections that were killed. */
const passing: ReadonlySet<number> = new Set([1040, 1053, 1077, 1079, 1080, 1203, 1927, 3169])
/** A wrong password or role, or a database that does not exist. */
const refusing: ReadonlySet<number> = new Set([1044, 1045, 1049, 1130, 1698])
/** Unknown and ambiguous names, whose messages hold no values. */
const naming: ReadonlySet<number> = new Set([1052, 1054, 1109, 1146, 1305])

const reasons: ReadonlyMap<number, string> = new Map([
  [1055, 'a column is neither grouped nor aggregated'],
  [1064, 'the text is not valid SQL'],
  [1111, 'an aggregate stands where none may be'],
  [1139, 'a regular expression is not valid'],
  [1140, 'a column is neither grouped nor aggregated'],
  [1142, 'the role may not do this'],
  [1143, 'the role may not read this column'],
  [1205, 'something that the statement needs is locked'],
  [1210, 'a function does not take these values, or the text has parameters without values'],
  [1213, 'the statement collided with another one'],
  [1222, 'the parts of a union differ in their columns'],
  [1241, 'the number of columns does not fit'],
  [1242, 'a subquery gave more than one row'],
  [1248, 'a derived table has no alias'],
  [1317, 'the server cancelled the statement'],
  [1370, 'the role may not call this routine'],
  [1525, 'a value cannot be read as the type that is asked for'],
  [1690, 'a number is out of range'],
  [1969, 'the server cancelled the statement'],
  [3024, 'the server cancelled the statement'],
])
