import type { CatalogTable, DialectTraits, Expression } from '@t2t/sql-guard'
import { repeatsRowsOf, type Join } from '../schema/join-path.ts'
import { joinConditions, partsOf, placeOf, type ColumnPlace, type ReadSelect } from './selects.ts'

const folding: ReadonlySet<string> = new Set(['sum', 'avg', 'total', 'count'])

/** A measure that may be counted more than once. */
export interface Repetition extends ColumnPlace {
  /** Whether the keys say so; else only the database knows. */
  readonly isStated: boolean
  /** A query that has a row when a row is counted twice; absent where none can be written. */
  readonly question: string | undefined
}

/**
 * Finds a measure that is counted more than once: a sum, an average or a count over a table whose
 * rows a join repeats. Keys decide where they can; of views, subqueries and joins without keys the
 * database must be asked.
 */
export function fanOutIn(
  read: ReadSelect,
  sql: string,
  { quoteName }: DialectTraits,
): Repetition | undefined {
  if (read.tables.size + read.parts.size < 2) return undefined
  const joins = joinsOf(read, sql)
  const tree = { tables: [...read.tables.values()], joins }
  const reached = joins.flatMap(({ many, one }) => [many, one])
  const isKnown = read.isPlain && tree.tables.every((table) => reached.includes(table))
  for (const { expression } of read.select.items) {
    for (const part of partsOf(expression)) {
      if (part.kind !== 'call' || !folding.has(part.name) || part.over !== undefined) continue
      const before = sql.slice(part.span.start, part.args[0]?.span.start ?? part.span.end)
      if (/\bdistinct\b/i.test(before)) continue
      const places = part.args.flatMap(partsOf).flatMap((one) => placeOf(one, read) ?? [])
      const [first] = places
      if (first === undefined || first.table.kind === 'view') continue
      const isStated = read.isPlain && places.every(({ table }) => repeatsRowsOf(tree, table))
      if (!isStated && isKnown) continue
      const question = questionOf(places, read, quoteName)
      if (isStated || question !== undefined) return { ...first, isStated, question }
    }
  }
  return undefined
}

/** Asks whether a row of the measured tables comes twice within a group. */
function questionOf(
  places: readonly ColumnPlace[],
  read: ReadSelect,
  quoteName: DialectTraits['quoteName'],
): string | undefined {
  const { select, written, query, isOutermost } = read
  const { group } = select
  const prefix = query.with.length === 0 ? '' : written?.before
  const isAlone = query.with.length === 0 || isOutermost
  if (written === undefined || !isAlone || group.some(({ kind }) => kind !== 'column'))
    return undefined
  const keys = [...read.tables].flatMap(([name, table]) =>
    places.some((place) => place.table === table)
      ? table.primaryKey.map(
          (key) => `${written.names.get(name) ?? quoteName(name)}.${quoteName(key)}`,
        )
      : [],
  )
  if (places.some(({ table }) => table.primaryKey.length === 0)) return undefined
  const names = group.flatMap((one) =>
    one.kind === 'column' ? [columnOf(one.parts, written.names, quoteName)] : [],
  )
  const groups = [...names, ...keys].join(', ')
  return `${prefix}SELECT 1 FROM ${written.source} GROUP BY ${groups} HAVING COUNT(*) > 1 LIMIT 1`
}

function columnOf(
  parts: readonly string[],
  names: ReadonlyMap<string, string>,
  quoteName: DialectTraits['quoteName'],
): string {
  const owners = parts.slice(0, -1)
  const [owner] = owners.length === 1 ? owners : []
  const before = owner === undefined ? undefined : names.get(owner.toLowerCase())
  const column = quoteName(parts.at(-1) ?? '')
  if (before !== undefined) return `${before}.${column}`
  return [...owners.map(quoteName), column].join('.')
}

interface Equality {
  readonly left: ColumnPlace
  readonly right: ColumnPlace
}

/** Joins whose one side is a whole primary key and whose other side is not. */
function joinsOf(read: ReadSelect, sql: string): readonly Join[] {
  const conditions = [
    ...read.select.from.flatMap(joinConditions),
    ...(read.select.where === undefined ? [] : [read.select.where]),
  ]
  const equalities = conditions.flatMap((condition) => equalitiesIn(condition, read, sql))
  const pairs = new Map<string, Equality[]>()
  const tables = [...read.tables.values()]
  for (const equality of equalities) {
    const key = [equality.left.table, equality.right.table]
      .map((table) => tables.indexOf(table))
      .toSorted((a, b) => a - b)
      .join(' ')
    pairs.set(key, [...(pairs.get(key) ?? []), equality])
  }
  return [...pairs.values()].flatMap((pair): Join[] => {
    const [first] = pair
    if (first === undefined || first.left.table === first.right.table) return []
    const columnsOf = (table: CatalogTable): readonly string[] =>
      pair.flatMap(({ left, right }) =>
        [left, right].filter((one) => one.table === table).map(({ column }) => column.name),
      )
    const { table: a } = first.left
    const { table: b } = first.right
    const [isOneA, isOneB] = [isKey(a, columnsOf(a)), isKey(b, columnsOf(b))]
    if (isOneA === isOneB) return []
    const [one, many] = isOneA ? [a, b] : [b, a]
    return [{ one, many, columns: columnsOf(many), references: columnsOf(one) }]
  })
}

function equalitiesIn(condition: Expression, read: ReadSelect, sql: string): readonly Equality[] {
  const columns = partsOf(condition)
    .filter(({ kind }) => kind === 'column')
    .toSorted((a, b) => a.span.start - b.span.start)
  return columns.flatMap((one, at) => {
    const next = columns[at + 1]
    if (next === undefined || sql.slice(one.span.end, next.span.start).trim() !== '=') return []
    const [left, right] = [placeOf(one, read), placeOf(next, read)]
    return left === undefined || right === undefined ? [] : [{ left, right }]
  })
}

function isKey({ primaryKey }: CatalogTable, columns: readonly string[]): boolean {
  return primaryKey.length > 0 && primaryKey.every((name) => columns.includes(name))
}
