import type { SqlGuard } from '@t2t/sql-guard'
import type { AnsweredAnswer, ClarifyAnswer, Reading } from '../assistant/answer.ts'
import type { QueryRunner } from '../assistant/assistant.ts'
import type { DraftRequest, SqlGenerator } from '../generator/generator.ts'
import { draftSafely } from '../steps/draft.ts'
import { runQuery } from '../steps/run.ts'

/** What reading a question a second time needs. */
export interface SecondReadingOptions {
  readonly generator: SqlGenerator
  readonly guard: SqlGuard
  readonly run: QueryRunner
  readonly signal: AbortSignal
}

type Row = AnsweredAnswer['rows'][number]

/**
 * Reads a question a second time, by another generator, and compares the rows.
 *
 * The same rows strengthen the answer. Different rows make it a question back, which shows the
 * smallest difference: one row that only one of the readings gives. A second reading that does not
 * come to rows, or shows other columns, changes nothing.
 */
export async function readAgain(
  answer: AnsweredAnswer,
  firstReading: string,
  request: DraftRequest,
  { generator, guard, run, signal }: SecondReadingOptions,
): Promise<AnsweredAnswer | ClarifyAnswer> {
  if (answer.isTruncated) return answer
  const draft = await draftSafely(generator, request, signal)
  if (draft.kind !== 'sql') return answer
  const verdict = guard.check(draft.sql)
  if (verdict.kind === 'refused' || verdict.sql === answer.sql) return answer
  const second = await runQuery(run, verdict.sql, signal)
  const isComparable =
    second.kind === 'rows' &&
    !second.isTruncated &&
    !(verdict.rowLimit === 'guard' && second.rows.length >= verdict.maxRows) &&
    second.columns.length === answer.columns.length
  if (!isComparable) return answer
  const onlyFirst = rowMissingIn(answer.rows, second.rows)
  const onlySecond = rowMissingIn(second.rows, answer.rows)
  if (onlyFirst === undefined && onlySecond === undefined) {
    return { ...answer, confidence: 1 - (1 - answer.confidence) / 2 }
  }
  const readings: readonly Reading[] = [
    { sql: answer.sql, explanation: firstReading, row: onlyFirst },
    { sql: verdict.sql, explanation: draft.explanation, row: onlySecond },
  ]
  const { question, entities, sources, missing } = answer
  return {
    question,
    entities,
    sources,
    missing,
    kind: 'clarify',
    ask: `There are two readings, and they differ: ${difference(onlyFirst, onlySecond)} Which one is meant?`,
    choices: readings.map(({ explanation, sql }) => (explanation === '' ? sql : explanation)),
    readings,
  }
}

function difference(first: Row | undefined, second: Row | undefined): string {
  if (first !== undefined && second !== undefined)
    return `the first gives ${show(first)}, the second ${show(second)}.`
  if (first !== undefined) return `only the first gives ${show(first)}.`
  return `only the second gives ${show(second ?? [])}.`
}

function show(row: Row): string {
  const text = row.map((cell) => (cell === null ? 'nothing' : String(cell))).join(', ')
  return text.length > 200 ? `${text.slice(0, 200)}…` : text
}

/** The first row that occurs more often here than there; the order of rows does not count. */
function rowMissingIn(rows: readonly Row[], others: readonly Row[]): Row | undefined {
  const left = new Map<string, number>()
  for (const row of others) left.set(keyOf(row), (left.get(keyOf(row)) ?? 0) + 1)
  for (const row of rows) {
    const times = left.get(keyOf(row)) ?? 0
    if (times === 0) return row
    left.set(keyOf(row), times - 1)
  }
  return undefined
}

/** Sums of the same numbers in another order differ in their last digits. */
function keyOf(row: Row): string {
  return JSON.stringify(
    row.map((cell) => (typeof cell === 'number' ? Number(cell.toPrecision(12)) : cell)),
  )
}
