import type { Dialect, SqlGuard } from '@t2t/sql-guard'
import type { QueryRunner } from '../assistant/assistant.ts'
import { runQuery } from '../steps/run.ts'

/** What verifying may ask the database with. */
export interface Asking {
  readonly dialect: Dialect
  readonly guard: SqlGuard
  readonly run: QueryRunner
  readonly signal: AbortSignal
}

/**
 * Asks the database whether a query has a row, through the guard.
 *
 * @returns `undefined` where that is not to be known: the guard refuses it, or it failed.
 */
export async function hasRow(
  sql: string,
  { guard, run, signal }: Asking,
): Promise<boolean | undefined> {
  const verdict = guard.check(sql)
  if (verdict.kind === 'refused') return undefined
  const result = await runQuery(run, verdict.sql, signal)
  return result.kind === 'rows' ? result.rows.length > 0 : undefined
}
