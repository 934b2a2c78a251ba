import type { CatalogTable, Expression } from '@t2t/sql-guard'
import { repeatsRowsOf, type Join } from '../schema/join-path.ts'
import { joinConditions, partsOf, placeOf, type ColumnPlace, type ReadSelect } from './selects.ts'

const folding: ReadonlySet<string> = new Set(['sum', 'avg', 'total', 'count'])

/**
 * Finds a measure that is counted more than once: a sum, an average or a count over a table whose
 * rows a join repeats.
 */
export function fanOutIn(read: ReadSelect, sql: string): ColumnPlace | undefined {
  if (!read.isPlain || read.tables.size < 2) return undefined
  const joins = joinsOf(read, sql)
  const tree = { tables: [...read.tables.values()], joins }
  for (const { expression } of read.select.items) {
    for (const part of partsOf(expression)) {
      if (part.kind !== 'call' || !folding.has(part.name) || part.over !== undefined) continue
      const before = sql.slice(part.span.start, part.args[0]?.span.start ?? part.span.end)
      if (/\bdistinct\b/i.test(before)) continue
      const places = part.args.flatMap(partsOf).flatMap((one) => placeOf(one, read) ?? [])
      const [first] = places
      if (first !== undefined && places.every(({ table }) => repeatsRowsOf(tree, table)))
        return first
    }
  }
  return undefined
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
  for (const equality of equalities) {
    const key = [equality.left.table, equality.right.table].map(nameOf).toSorted().join(' ')
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

function nameOf({ schema, name }: CatalogTable): string {
  return `${schema}.${name}`
}
