import { QueryFailedError, StatementRefusedError } from '../../errors/errors.ts'
import type { PgliteClient, PgliteTransaction } from './client.ts'

/** What is fixed for every reading, so that a text means and prints the same everywhere. */
function pinnedSettings(searchPath: readonly string[]): string {
  const path = searchPath.map(quotedName).join(', ')
  return `
    SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY;
    SET LOCAL search_path = ${path};
    SET LOCAL standard_conforming_strings = on;
    SET LOCAL TimeZone = 'UTC';
    SET LOCAL DateStyle = 'ISO, YMD';
    SET LOCAL IntervalStyle = 'iso_8601';
    SET LOCAL bytea_output = 'hex';
    SET LOCAL extra_float_digits = 1;
  `
}

/**
 * Runs `body` in a read-only transaction that is always rolled back, then resets the connection.
 *
 * A harmless SELECT goes first: afterwards PostgreSQL refuses to make the transaction writable.
 * Rolling back undoes settings; DISCARD ALL drops what is not transactional, such as prepared
 * statements and advisory locks.
 */
export async function inReadOnlySession<Value>(
  client: PgliteClient,
  searchPath: readonly string[],
  body: (transaction: PgliteTransaction) => Promise<Value>,
): Promise<Value> {
  try {
    return await client.transaction(async (transaction) => {
      try {
        await transaction.exec(pinnedSettings(searchPath))
        await transaction.query('SELECT 1')
        return await body(transaction)
      } finally {
        await transaction.rollback()
      }
    })
  } catch (error) {
    throw translated(error)
  } finally {
    await client.exec('DISCARD ALL')
  }
}

/** Translates what PostgreSQL reports; anything else stays what it is. */
export function translated(error: unknown): unknown {
  const engineCode = sqlStateOf(error)
  if (engineCode === undefined || !(error instanceof Error)) return error
  if (engineCode === '25006' || engineCode === '25001') {
    return new StatementRefusedError('The session only reads.', { engineCode })
  }
  if (error.message.includes('multiple commands')) {
    return new StatementRefusedError('The text holds more than one statement.', { engineCode })
  }
  // Messages about names and syntax help to repair; others can hold values of rows.
  const reason = engineCode.startsWith('42')
    ? error.message
    : (reasons[engineCode.slice(0, 2)] ?? unknown)
  return new QueryFailedError(`PostgreSQL: ${reason} (${engineCode}).`, { engineCode })
}

const unknown = 'the statement failed'

const reasons: Readonly<Record<string, string>> = {
  '0A': 'the statement uses something that is not supported',
  '21': 'a subquery gave more than one row',
  '22': 'a value cannot be converted or computed with',
  '25': 'the transaction does not allow it',
  '53': 'the server ran out of a resource',
  '54': 'the statement exceeds a limit of the server',
  '57': 'the server cancelled the statement',
}

function sqlStateOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !('code' in error)) return undefined
  const { code } = error
  return typeof code === 'string' && /^[0-9A-Z]{5}$/.test(code) ? code : undefined
}

function quotedName(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
