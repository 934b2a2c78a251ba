import type { CatalogTable } from '@t2t/sql-guard'
import type { TimeMention } from '../../entities/mention.ts'
import { joinTables, repeatsRowsOf, shortestPath } from '../../schema/join-path.ts'
import { timeKind } from '../../schema/traits.ts'
import { wordsOf } from '../../schema/identifier.ts'
import {
  addCondition,
  columnAt,
  columnExpression,
  leftOver,
  use,
  type Column,
  type Reading,
} from '../reading.ts'
import { isSame, type Condition, type Expression } from '../query/query.ts'

/** Time phrases whose column is written next to them: "signed up this month", "year 2014". */
export function readNamedTimes(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    if (item.isUsed || item.mention?.kind !== 'time') continue
    const { at, passed } = leftOver(reading, index, 'preposition', 'copula', 'light')
    const column = columnAt(reading, at, (candidate) => timeKind(candidate.column) !== undefined)
    if (column === undefined) continue
    use(item, reading.items[at], ...passed)
    limitTime(reading, column, item.mention, index)
  }
}

/** Time phrases without a column: the one that the tables of the question have, or are closest to. */
export function readOtherTimes(reading: Reading, tables: readonly CatalogTable[]): void {
  for (const [index, item] of reading.items.entries()) {
    if (item.isUsed || item.mention?.kind !== 'time') continue
    use(item)
    const isYear = item.mention.years !== undefined
    const column = timeColumn(reading, tables, isYear)
    if (column === undefined) {
      reading.problems.push({
        ask: `Which date does "${item.text}" speak of?`,
        choices: timeColumns(reading, tables, isYear).map(nameOf),
      })
      continue
    }
    limitTime(reading, column, item.mention, index)
  }
}

function limitTime(
  reading: Reading,
  column: Column,
  { range, years }: TimeMention,
  index: number,
): void {
  const limit = (condition: Condition): void => addCondition(reading, index, condition)
  const left = columnExpression(column)
  const isTaken = reading.where.some(
    (condition) =>
      condition.kind === 'time' && isSame(condition.left, left) && isClosed(condition.range),
  )
  if (isTaken && isClosed(range)) {
    reading.problems.push({ ask: 'The question names two times. Which one is meant?', choices: [] })
    return
  }
  if (timeKind(column.column) === 'day') {
    limit({ kind: 'time', left, range })
    return
  }
  if (years === undefined) {
    reading.problems.push({
      ask: `${nameOf(column)} holds years only; which year is meant?`,
      choices: [],
    })
    return
  }
  const { first, last } = years
  if (first !== undefined && first === last)
    limit({ kind: 'compare', left, operator: '=', value: first })
  else {
    if (first !== undefined) limit({ kind: 'compare', left, operator: '>=', value: first })
    if (last !== undefined) limit({ kind: 'compare', left, operator: '<=', value: last })
  }
}

/** The column that rows are grouped by for a unit of time. */
export function timeExpression(
  reading: Reading,
  tables: readonly CatalogTable[],
): Expression | undefined {
  const used = reading.where.find((condition) => condition.kind === 'time')
  if (used?.kind === 'time') return used.left
  const column = timeColumn(reading, tables, false)
  return column === undefined ? undefined : columnExpression(column)
}

function timeColumn(
  reading: Reading,
  tables: readonly CatalogTable[],
  isYear: boolean,
): Column | undefined {
  const columns = timeColumns(reading, tables, isYear)
  if (columns.length <= 1) return columns[0]
  const isOwn = ({ table, column }: Column): boolean =>
    wordsOf(table.name).some((word) => wordsOf(column.name).some((part) => part.startsWith(word)))
  const own = columns.filter(isOwn)
  if (own.length === 1) return own[0]
  const created = columns.filter(({ column }) => wordsOf(column.name).includes('created'))
  return created.length === 1 ? created[0] : undefined
}

/** The time columns of the table that has many rows, else of the closest table that has any. */
function timeColumns(
  reading: Reading,
  tables: readonly CatalogTable[],
  isYear: boolean,
): readonly Column[] {
  const tree = joinTables(reading.catalog, tables)
  const ranked = [...(tree?.tables ?? tables)].toSorted(
    (a, b) => manyness(reading, a, tables) - manyness(reading, b, tables),
  )
  for (const table of ranked) {
    const own = ownTimes(table, isYear)
    if (own.length > 0) return own
  }
  const others = reading.catalog.tables
    .filter((table) => ownTimes(table, isYear).length > 0)
    .map((table) => ({ table, distance: distanceTo(reading, tables, table) }))
    .toSorted((a, b) => a.distance - b.distance)
  const [closest] = others
  if (closest === undefined || closest.distance === Number.POSITIVE_INFINITY) return []
  return others
    .filter(({ distance }) => distance === closest.distance)
    .flatMap(({ table }) => ownTimes(table, isYear))
}

/** Joins to a table; a table that would repeat rows is further away than any that would not. */
function distanceTo(
  reading: Reading,
  tables: readonly CatalogTable[],
  table: CatalogTable,
): number {
  const path = shortestPath(reading.catalog, tables, table)
  const tree = joinTables(reading.catalog, [...tables, table])
  if (path === undefined || tree === undefined) return Number.POSITIVE_INFINITY
  const before = joinTables(reading.catalog, tables)
  const wasRepeated = before === undefined || tables.every((one) => repeatsRowsOf(before, one))
  return path.length + (!wasRepeated && tables.every((one) => repeatsRowsOf(tree, one)) ? 100 : 0)
}

function manyness(reading: Reading, table: CatalogTable, tables: readonly CatalogTable[]): number {
  const tree = joinTables(reading.catalog, tables)
  return tree !== undefined && repeatsRowsOf(tree, table) ? 1 : 0
}

function ownTimes(table: CatalogTable, isYear: boolean): readonly Column[] {
  return table.columns
    .filter((column) => timeKind(column) === 'day' || (isYear && timeKind(column) === 'year'))
    .map((column) => ({ table, column, strength: 0.9 }))
}

function nameOf({ table, column }: Column): string {
  return `${table.name}.${column.name}`
}

function isClosed({ start, end }: TimeMention['range']): boolean {
  return start !== undefined && end !== undefined
}
