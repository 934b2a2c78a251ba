import type { Catalog, Dialect, SqlGuard } from '@t2t/sql-guard'
import type { AnswerWarning } from '../assistant/answer.ts'
import type { QueryRun, QueryRunner } from '../assistant/assistant.ts'
import { averageOfAverages, dividesWholeNumbers } from './arithmetic.ts'
import { hasRow } from './ask-database.ts'
import { isUnordered } from './extremes.ts'
import {
  areAllNeeded,
  contradictionIn,
  filtersOf,
  isWordForNumber,
  letterComparison,
  type Filter,
} from './filters.ts'
import { unjoinedIn } from './join-missing.ts'
import { nullTrapsIn } from './nulls.ts'
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
  /** What was asked; without it, no extreme is looked for. */
  readonly question?: string | undefined
}

/** How much of the confidence each finding leaves. */
const factors: Readonly<Record<AnswerWarning['code'], number>> = {
  'rows-counted-twice': 0.5,
  'filters-contradict': 0.3,
  'join-missing': 0.3,
  'nulls-exclude-all': 0.3,
  'value-missing': 0.6,
  'types-differ': 0.6,
  'limit-inside': 0.6,
  'order-missing': 0.5,
  'division-whole': 0.7,
  'averages-averaged': 0.8,
  'rows-cut-off': 0.9,
  'not-verified': 1,
}
const maxValueChecks = 5
const maxRowChecks = 3

/** What is left of a confidence after the findings. */
export function weighed(confidence: number, warnings: readonly AnswerWarning[]): number {
  return warnings.reduce((left, { code }) => left * factors[code], confidence)
}

/**
 * Looks for reasons why the rows may not be the answer, although the statement ran.
 *
 * Whether a value exists is asked of the database, five times at the most, through the guard and only
 * where the rows do not show it. Whether a join repeats rows, or a list holds a missing value, is asked
 * in the same way, three times at the most.
 */
export async function verify(
  sql: string,
  rows: Extract<QueryRun, { kind: 'rows' }>['rows'],
  options: VerifyOptions,
): Promise<readonly AnswerWarning[]> {
  const { dialect, guard, catalog, question = '' } = options
  const warnings: AnswerWarning[] = []
  const suspects: Filter[] = []
  let rowChecks = 0
  const ask = async (text: string | undefined): Promise<boolean | undefined> => {
    rowChecks += 1
    return text === undefined || rowChecks > maxRowChecks ? undefined : hasRow(text, options)
  }
  await dialect.load()
  const isBlank = rows.every((row) => row.every((cell) => cell === null || cell === 0))
  const reads = selectsOf(sql, dialect, guard.policy, catalog)
  for (const read of reads) {
    const repeated = fanOutIn(read, sql, dialect.traits)
    if (repeated !== undefined && ((await ask(repeated.question)) ?? repeated.isStated))
      warnings.push(countedTwice(repeated))
    const folds = read.select.items.some(({ expression }) =>
      partsOf(expression).some((part) => part.kind === 'call' && aggregates.has(part.name)),
    )
    if (folds && read.readsLimited) warnings.push(limitInside)
    const apart = unjoinedIn(read, sql)
    if (apart !== undefined) warnings.push(unjoined(apart))
    if (isUnordered(read, sql, question)) warnings.push(unordered)
    if (wholeDivision.has(dialect.name) && dividesWholeNumbers(read, sql))
      warnings.push(wholeNumbers)
    const average = averageOfAverages(read)
    if (average !== undefined) warnings.push(averaged(average))
    for (const trap of nullTrapsIn(read, reads, dialect.traits))
      if (await ask(trap.question)) warnings.push(trapped(trap))
    const filters = filtersOf(read, sql)
    const areNeeded = areAllNeeded(read, sql)
    const words = filters.filter(isWordForNumber)
    if (words[0] !== undefined) warnings.push(wordForNumber(words[0]))
    const mixed = filters.find((one) => letterComparison(one, dialect) !== undefined)
    if (mixed !== undefined && (await ask(letterComparison(mixed, dialect))))
      warnings.push(letterByLetter(mixed))
    const contradiction = areNeeded ? contradictionIn(filters) : undefined
    if (contradiction !== undefined) warnings.push(contradictory(contradiction))
    else {
      const isShown = read.isOutermost && areNeeded && !isBlank
      suspects.push(...filters.filter((one) => !words.includes(one) && mayBeMissing(one, isShown)))
    }
  }
  for (const filter of suspects.slice(0, maxValueChecks))
    if (await isMissing(filter, options)) warnings.push(missing(filter))
  return warnings
}

const aggregates: ReadonlySet<string> = new Set(['sum', 'avg', 'total', 'count', 'min', 'max'])
/** Dialects in which 1 / 2 is 0. */
const wholeDivision: ReadonlySet<string> = new Set(['sqlite', 'postgres'])

/** Rows that were found show that each value they had to have exists. */
function mayBeMissing({ operator, value, column }: Filter, isShown: boolean): boolean {
  const known = [...(column.enumValues ?? []), ...(column.sampleValues ?? [])]
  return (
    typeof value === 'string' &&
    !known.includes(value) &&
    (operator === 'in' || operator === '<>' || (operator === '=' && !isShown))
  )
}

async function isMissing(
  { table, column, value }: Filter,
  options: VerifyOptions,
): Promise<boolean> {
  const { quoteName, quoteString } = options.dialect.traits
  const text = typeof value === 'string' ? quoteString(value) : undefined
  if (text === undefined) return false
  const name = `${quoteName(table.schema)}.${quoteName(table.name)}`
  const sql = `SELECT ${quoteName(column.name)} FROM ${name} WHERE ${quoteName(column.name)} = ${text} LIMIT 1`
  return (await hasRow(sql, options)) === false
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

function unjoined([first, second]: readonly [string, string]): AnswerWarning {
  const message = `No condition joins ${first} and ${second}, so each row of one meets each of the other.`
  return { code: 'join-missing', message }
}

function trapped({ table, column }: ColumnPlace): AnswerWarning {
  const message = `${table.name}.${column.name} is missing in some rows, so NOT IN leaves no row.`
  return { code: 'nulls-exclude-all', message }
}

function wordForNumber({ table, column, value }: Filter): AnswerWarning {
  const message = `${table.name}.${column.name} holds numbers and is compared with '${value}'.`
  return { code: 'types-differ', message }
}

function letterByLetter({ table, column, value }: Filter): AnswerWarning {
  const message = `${table.name}.${column.name} holds text and is compared with ${value} letter by letter.`
  return { code: 'types-differ', message }
}

function averaged(name: string): AnswerWarning {
  const message = `${name} is an average already; its average counts small groups as much as large ones.`
  return { code: 'averages-averaged', message }
}

const unordered: AnswerWarning = {
  code: 'order-missing',
  message: 'The rows are the first in no order, although the question asks for an extreme.',
}

const wholeNumbers: AnswerWarning = {
  code: 'division-whole',
  message: 'Whole numbers are divided, and what is left over is dropped.',
}
