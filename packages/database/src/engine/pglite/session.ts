import { freshSeed, quotedName, type Ask } from '../postgres/ask.ts'
import { translated } from '../postgres/translated.ts'
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
    SET LOCAL seed = ${freshSeed()};
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

/** Asks questions of ours in a transaction of PGlite. */
export function asking(transaction: PgliteTransaction): Ask {
  return async (sql, values = []) => {
    const { rows } = await transaction.query<Record<string, string | null>>(sql, [...values])
    return rows.map((row) => Object.values(row))
  }
}
