import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogTable } from '@t2t/sql-guard'
import { findColumn } from '../find.ts'
import { shortestPath, type Join } from '../join-path.ts'
import type { Costs, Price } from './costs.ts'
import type { RankedColumn } from './rank.ts'

/** Chosen tables with their chosen columns. */
export type Selection = ReadonlyMap<CatalogTable, ReadonlySet<CatalogColumn>>

/** How much better a column must be when its table is not shown yet. */
const newTablePenalty = 0.5
/** Columns that are tried after the last that fitted. */
const maxMisses = 60

type Parts = Map<CatalogTable, Set<CatalogColumn>>

/**
 * Takes the best columns that fit into a budget.
 *
 * A table comes with what joins it to those that were taken before: the tables between them, and
 * the columns of the keys. Where that does not fit, the column is passed over.
 */
export function selectColumns(
  ranked: readonly RankedColumn[],
  catalog: Catalog,
  costs: Costs,
  budget: Price,
): Selection {
  const chosen: Parts = new Map()
  const shownKeys = new Set<CatalogForeignKey>()
  let left = budget
  let misses = 0
  const pathTo = createPaths(chosen, catalog)
  for (const { table, column } of inOrder(ranked, chosen)) {
    if (chosen.get(table)?.has(column) === true) continue
    const added = withJoins(table, column, chosen, pathTo)
    const keys = keysWithin(added, chosen, shownKeys, catalog)
    const price = priceOf(added, keys, chosen, costs)
    if (price.named > left.named || price.full > left.full) {
      misses += 1
      if (misses > maxMisses) break
      continue
    }
    misses = 0
    left = { named: left.named - price.named, full: left.full - price.full }
    for (const [one, columns] of added)
      chosen.set(one, new Set([...(chosen.get(one) ?? []), ...columns]))
    for (const key of keys) shownKeys.add(key)
  }
  return chosen
}

interface Place {
  readonly table: CatalogTable
  readonly column: CatalogColumn
}

/** The best column that is left, time after time; tables that are chosen already come first. */
function* inOrder(ranked: readonly RankedColumn[], chosen: Parts): Generator<Place> {
  const queues = new Map<CatalogTable, RankedColumn[]>()
  for (const one of ranked.toReversed()) {
    const { table } = one.profile.table
    const queue = queues.get(table)
    if (queue === undefined) queues.set(table, [one])
    else queue.push(one)
  }
  while (queues.size > 0) {
    let best: readonly [CatalogTable, RankedColumn[]] | undefined
    let bestScore = Number.NEGATIVE_INFINITY
    for (const [table, queue] of queues) {
      const isNew = chosen.size > 0 && !chosen.has(table)
      const score = (queue.at(-1)?.score ?? 0) - (isNew ? newTablePenalty : 0)
      if (score > bestScore) {
        best = [table, queue]
        bestScore = score
      }
    }
    if (best === undefined) return
    const [table, queue] = best
    const next = queue.pop()
    if (queue.length === 0) queues.delete(table)
    if (next !== undefined) yield { table, column: next.profile.column }
  }
}

/** A column, and what joins its table to the chosen ones. */
function withJoins(
  table: CatalogTable,
  column: CatalogColumn,
  chosen: Parts,
  pathTo: (table: CatalogTable) => readonly Join[],
): Parts {
  const added: Parts = new Map([[table, new Set([column])]])
  if (chosen.size === 0 || chosen.has(table)) return added
  const add = (to: CatalogTable, name: string): void => {
    const found = findColumn(to, name)
    const columns = added.get(to) ?? new Set()
    if (found !== undefined && chosen.get(to)?.has(found) !== true) columns.add(found)
    added.set(to, columns)
  }
  for (const { many, one, columns, references } of pathTo(table)) {
    for (const name of columns) add(many, name)
    for (const name of references) add(one, name)
  }
  return added
}

/** The joins from the chosen tables to another one; looked for again when there are more of them. */
function createPaths(chosen: Parts, catalog: Catalog): (table: CatalogTable) => readonly Join[] {
  const paths = new Map<CatalogTable, readonly Join[]>()
  let size = 0
  return (table) => {
    if (size !== chosen.size) paths.clear()
    size = chosen.size
    const path =
      paths.get(table) ??
      (shortestPath(catalog, [...chosen.keys()], table) ?? []).map(({ join }) => join)
    paths.set(table, path)
    return path
  }
}

/** Foreign keys that are shown once the parts are added. */
function keysWithin(
  added: Parts,
  chosen: Parts,
  shown: ReadonlySet<CatalogForeignKey>,
  catalog: Catalog,
): ReadonlySet<CatalogForeignKey> {
  const has = (table: CatalogTable, name: string): boolean => {
    const column = findColumn(table, name)
    return (
      column !== undefined &&
      (chosen.get(table)?.has(column) === true || added.get(table)?.has(column) === true)
    )
  }
  const keys = new Set<CatalogForeignKey>()
  for (const { many, one, key } of keysOf(catalog, [...added.keys()])) {
    if (shown.has(key)) continue
    const isWhole =
      key.columns.every((name) => has(many, name)) &&
      key.references.columns.every((name) => has(one, name))
    if (isWhole) keys.add(key)
  }
  return keys
}

interface StatedKey {
  readonly many: CatalogTable
  readonly one: CatalogTable
  readonly key: CatalogForeignKey
}

const known = new WeakMap<Catalog, ReadonlyMap<CatalogTable, readonly StatedKey[]>>()

/** The foreign keys of and to some tables. */
function keysOf(catalog: Catalog, tables: readonly CatalogTable[]): readonly StatedKey[] {
  const byTable = known.get(catalog) ?? indexKeys(catalog)
  known.set(catalog, byTable)
  return tables.flatMap((table) => byTable.get(table) ?? [])
}

function indexKeys(catalog: Catalog): ReadonlyMap<CatalogTable, readonly StatedKey[]> {
  const byName = new Map(catalog.tables.map((table) => [`${table.schema}.${table.name}`, table]))
  const byTable = new Map<CatalogTable, StatedKey[]>()
  for (const many of catalog.tables) {
    for (const key of many.foreignKeys) {
      const one = byName.get(`${key.references.schema}.${key.references.table}`)
      if (one === undefined) continue
      for (const table of new Set([many, one])) {
        const keys = byTable.get(table) ?? []
        keys.push({ many, one, key })
        byTable.set(table, keys)
      }
    }
  }
  return byTable
}

function priceOf(
  added: Parts,
  keys: ReadonlySet<CatalogForeignKey>,
  chosen: Parts,
  costs: Costs,
): Price {
  const prices = [
    ...[...added.keys()].filter((table) => !chosen.has(table)).map(costs.table),
    ...[...added].flatMap(([table, columns]) =>
      [...columns].map((column) => costs.column(table, column)),
    ),
    ...[...keys].map(costs.foreignKey),
  ]
  return {
    named: prices.reduce((sum, { named }) => sum + named, 0),
    full: prices.reduce((sum, { full }) => sum + full, 0),
  }
}
