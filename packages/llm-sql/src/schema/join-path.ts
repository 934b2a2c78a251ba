import type { Catalog, CatalogTable } from '@t2t/sql-guard'

/** Two tables joined over a foreign key. */
export interface Join {
  /** The table that holds the foreign key: the side with many rows. */
  readonly many: CatalogTable
  /** The table that the key refers to: the side with one row. */
  readonly one: CatalogTable
  readonly columns: readonly string[]
  readonly references: readonly string[]
  /** Set when names say so, and no foreign key. */
  readonly isUnsaid?: boolean | undefined
}

/** Tables that belong together, in the order in which they are joined. */
export interface JoinTree {
  readonly tables: readonly CatalogTable[]
  /** One for each table after the first. */
  readonly joins: readonly Join[]
}

const known = new WeakMap<Catalog, readonly Join[]>()

/** Every join that the foreign keys of a catalog allow, in a stable order. */
export function joinsOf(catalog: Catalog): readonly Join[] {
  const remembered = known.get(catalog)
  if (remembered !== undefined) return remembered
  const byName = new Map(
    catalog.tables.toReversed().map((table) => [`${table.schema}.${table.name}`, table]),
  )
  const joins = catalog.tables.flatMap((many) =>
    many.foreignKeys.flatMap(({ columns, references }) => {
      const one = byName.get(`${references.schema}.${references.table}`)
      return one === undefined || one === many
        ? []
        : [{ many, one, columns, references: references.columns }]
    }),
  )
  const all = [...joins, ...unsaidJoins(catalog, joins)]
  known.set(catalog, all)
  return all
}

/**
 * Joins that no foreign key states, but names do: a column that is called like the key of exactly
 * one other table, where that is more than `id`.
 */
function unsaidJoins(catalog: Catalog, stated: readonly Join[]): readonly Join[] {
  const owners = new Map<string, CatalogTable[]>()
  for (const table of catalog.tables) {
    const [key, second] = table.primaryKey
    if (key === undefined || second !== undefined || key.length < 4) continue
    const name = key.toLowerCase()
    owners.set(name, [...(owners.get(name) ?? []), table])
  }
  return catalog.tables.flatMap((many) =>
    many.columns.flatMap(({ name }) => {
      const [one, second] = owners.get(name.toLowerCase()) ?? []
      const isStated = stated.some((join) => join.many === many && join.columns.includes(name))
      if (one === undefined || second !== undefined || one === many || isStated) return []
      return [{ many, one, columns: [name], references: one.primaryKey, isUnsaid: true }]
    }),
  )
}

/**
 * Joins tables over the fewest foreign keys, one table after the other.
 *
 * The same tables in the same order give the same tree.
 *
 * @returns `undefined` when the tables are not connected.
 */
export function joinTables(
  catalog: Catalog,
  wanted: readonly CatalogTable[],
): JoinTree | undefined {
  const [first, ...others] = new Set(wanted)
  if (first === undefined) return undefined
  const tables: CatalogTable[] = [first]
  const joins: Join[] = []
  for (const next of others) {
    if (tables.includes(next)) continue
    const path = shortestPath(catalog, tables, next)
    if (path === undefined) return undefined
    for (const { join, to } of path) {
      tables.push(to)
      joins.push(join)
    }
  }
  return { tables, joins }
}

interface Hop {
  readonly join: Join
  readonly to: CatalogTable
}

/** The fewest hops from any of the tables to another one. */
export function shortestPath(
  catalog: Catalog,
  from: readonly CatalogTable[],
  to: CatalogTable,
): readonly Hop[] | undefined {
  const neighbours = neighboursOf(catalog)
  const reached = new Map<CatalogTable, Hop | undefined>(from.map((table) => [table, undefined]))
  const queue = [...from]
  for (const table of queue) {
    if (table === to) return pathTo(table, reached)
    for (const hop of neighbours.get(table) ?? []) {
      if (reached.has(hop.to)) continue
      reached.set(hop.to, hop)
      queue.push(hop.to)
    }
  }
  return undefined
}

/** The hops that led to a table, first one first. */
function pathTo(
  table: CatalogTable,
  reached: ReadonlyMap<CatalogTable, Hop | undefined>,
): readonly Hop[] {
  const path: Hop[] = []
  for (let hop = reached.get(table); hop !== undefined;) {
    path.push(hop)
    hop = reached.get(hop.join.many === hop.to ? hop.join.one : hop.join.many)
  }
  return path.toReversed()
}

const adjacent = new WeakMap<Catalog, ReadonlyMap<CatalogTable, readonly Hop[]>>()

/** What each table is joined with, in the order of {@link joinsOf}. */
function neighboursOf(catalog: Catalog): ReadonlyMap<CatalogTable, readonly Hop[]> {
  const remembered = adjacent.get(catalog)
  if (remembered !== undefined) return remembered
  const neighbours = new Map<CatalogTable, Hop[]>()
  const add = (from: CatalogTable, hop: Hop): void => {
    const hops = neighbours.get(from)
    if (hops === undefined) neighbours.set(from, [hop])
    else hops.push(hop)
  }
  for (const join of joinsOf(catalog)) {
    add(join.many, { join, to: join.one })
    add(join.one, { join, to: join.many })
  }
  adjacent.set(catalog, neighbours)
  return neighbours
}

/**
 * Whether two tables are joined only by what both refer to, and the question does not name: then
 * each row of the one meets each of the other that has the same, which is seldom what is meant.
 */
export function meetsByChance(tree: JoinTree, named: readonly CatalogTable[]): boolean {
  return tree.tables.some(
    (hub) =>
      !named.includes(hub) &&
      tree.joins.filter(({ one }) => one === hub).length > 1 &&
      tree.joins.every(({ many }) => many !== hub),
  )
}

/**
 * Whether joining repeats the rows of a table, so that sums over it would count double.
 *
 * That is so when another table of the tree has many rows for one of its rows.
 */
export function repeatsRowsOf(tree: JoinTree, table: CatalogTable): boolean {
  const visited = new Set([table])
  const queue = [table]
  for (let current = queue.shift(); current !== undefined; current = queue.shift()) {
    for (const join of tree.joins) {
      if (join.one === current && !visited.has(join.many)) return true
      if (join.many === current && !visited.has(join.one)) {
        visited.add(join.one)
        queue.push(join.one)
      }
    }
  }
  return false
}
