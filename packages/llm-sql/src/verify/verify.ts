import type { Catalog, Dialect, SqlGuard } from '@t2t/sql-guard'
import type { AnswerWarning } from '../assistant/answer.ts'
import type { QueryRun, QueryRunner } from '../assistant/assistant.ts'
import { runQuery } from '../steps/run.ts'
import { areAllNeeded, contradictionIn, filtersOf, type Filter } from './filters.ts'
import { fanOutIn } from './fan-out.ts'
import { partsOf, selectsOf, type ColumnPlace } from './selects.ts'

/** What verifying needs. */
export interface VerifyOptions {
  readonly dialect: Dialect
  readonly guard: SqlGuard
  /** What the caller may see. */
  readonly catalog: Catalog
  readonly run: QueryRunner
  readonly signal: AbortSignal
}

/** How much of the confidence each finding leaves. */
const factors: Readonly<Record<AnswerWarning['code'], number>> = {
  'rows-counted-twice': 0.5,
  'filters-contradict': 0.3,
  'value-missing': 0.6,
  'limit-inside': 0.6,
  'rows-cut-off': 0.9,
  'not-verified': 1,
}
const maxValueChecks = 5

/** What is left of a confidence after the findings. */
export function weighed(confidence: number, warnings: readonly AnswerWarning[]): number {
  return warnings.reduce((left, { code }) => left * factors[code], confidence)
}

/**
 * Looks for reasons why the rows may not be the answer, although the statement ran.
 *
 * Whether a value exists is asked of the database, five times at the most, through the guard and
 * only where the result has nothing in it or the value is one of a list.
 */
export async function verify(
  sql: string,
  rows: Extract<QueryRun, { kind: 'rows' }>['rows'],
  options: VerifyOptions,
): Promise<readonly AnswerWarning[]> {
  const { dialect, guard, catalog } = options
  const warnings: AnswerWarning[] = []
  const suspects: Filter[] = []
  await dialect.load()
  const isBlank = rows.every((row) => row.every((cell) => cell === null || cell === 0))
  for (const read of selectsOf(sql, dialect, guard.policy, catalog)) {
    const repeated = fanOutIn(read, sql)
    if (repeated !== undefined) warnings.push(countedTwice(repeated))
    const folds = read.select.items.some(({ expression }) =>
      partsOf(expression).some((part) => part.kind === 'call' && aggregates.has(part.name)),
    )
    if (folds && read.readsLimited) warnings.push(limitInside)
    const filters = filtersOf(read, sql)
    const contradiction = areAllNeeded(read, sql) ? contradictionIn(filters) : undefined
    if (contradiction !== undefined) warnings.push(contradictory(contradiction))
    else suspects.push(...filters.filter((one) => mayBeMissing(one, isBlank)))
  }
  for (const filter of suspects.slice(0, maxValueChecks))
    if (await isMissing(filter, options)) warnings.push(missing(filter))
  return warnings
}

const aggregates: ReadonlySet<string> = new Set(['sum', 'avg', 'total', 'count', 'min', 'max'])

function mayBeMissing({ operator, value, column }: Filter, isBlank: boolean): boolean {
  const known = [...(column.enumValues ?? []), ...(column.sampleValues ?? [])]
  return (
    typeof value === 'string' &&
    !known.includes(value) &&
    (operator === 'in' || (operator === '=' && isBlank))
  )
}

async function isMissing(
  { table, column, value }: Filter,
  { dialect, guard, run, signal }: VerifyOptions,
): Promise<boolean> {
  const { quoteName, quoteString } = dialect.traits
  const text = typeof value === 'string' ? quoteString(value) : undefined
  if (text === undefined) return false
  const name = `${quoteName(table.schema)}.${quoteName(table.name)}`
  const verdict = guard.check(
    `SELECT ${quoteName(column.name)} FROM ${name} WHERE ${quoteName(column.name)} = ${text} LIMIT 1`,
  )
  if (verdict.kind === 'refused') return false
  const result = await runQuery(run, verdict.sql, signal)
  return result.kind === 'rows' && result.rows.length === 0
}

function countedTwice({ table, column }: ColumnPlace): AnswerWarning {
  const message = `A join repeats the rows of ${table.name}, so ${table.name}.${column.name} may be counted more than once.`
  return { code: 'rows-counted-twice', message }
}

function contradictory({ table, column }: ColumnPlace): AnswerWarning {
  const message = `No row can obey all conditions on ${table.name}.${column.name}.`
  return { code: 'filters-contradict', message }
}

const limitInside: AnswerWarning = {
  code: 'limit-inside',
  message: 'A part of the statement has a row limit, so the number is not about all rows.',
}

function missing({ table, column, value }: Filter): AnswerWarning {
  const known = [...(column.enumValues ?? []), ...(column.sampleValues ?? [])]
  const meant = known.find((one) => one.toLowerCase() === String(value).toLowerCase())
  const hint = meant === undefined ? '' : ` It holds '${meant}'.`
  return {
    code: 'value-missing',
    message: `No row of ${table.name} has '${value}' as ${column.name}.${hint}`,
  }
}
