import type { AllowedVerdict, SqlGuard } from '@t2t/sql-guard'
import type { AnswerWarning } from '../assistant/answer.ts'
import type { AnswerOptions } from '../assistant/answer-question.ts'
import type { QueryRun } from '../assistant/assistant.ts'
import type { Ground } from '../receipt/receipt.ts'
import { verify } from './verify.ts'

/** Whether the limit that the guard wrote into the statement may have ended the rows. */
export function isCutByGuard(rows: number, { rowLimit, maxRows }: AllowedVerdict): boolean {
  return rowLimit === 'guard' && rows >= maxRows
}

/** Finds reasons why the rows may not be the answer; a fault of the search is one of them. */
export async function doubtsAbout(
  sql: string,
  { rows }: Extract<QueryRun, { kind: 'rows' }>,
  isTruncated: boolean,
  guard: SqlGuard,
  { catalog, question }: Ground,
  { verifyWith: dialect, run, signal }: Pick<AnswerOptions, 'verifyWith' | 'run' | 'signal'>,
): Promise<readonly AnswerWarning[]> {
  const cutOff: AnswerWarning[] = isTruncated
    ? [{ code: 'rows-cut-off', message: 'Not all rows were read.' }]
    : []
  if (dialect === undefined) return cutOff
  try {
    const found = await verify(sql, rows, { dialect, guard, catalog, run, signal, question })
    return [...found, ...cutOff]
  } catch {
    signal.throwIfAborted()
    return [{ code: 'not-verified', message: 'The statement could not be verified.' }, ...cutOff]
  }
}
