import type { CatalogTable } from '@t2t/sql-guard'
import { findColumn } from '../../schema/find.ts'
import { joinsOf, shortestPath } from '../../schema/join-path.ts'
import type { Meant } from './meant.ts'
import { isOnlyPath } from './paths.ts'
import { bestOf, similarityOf } from './similarity.ts'
import type { Block } from './sql/blocks.ts'
import { tableOf, type Reference, type Statement } from './sql/references.ts'
import { freeAlias, quoted, relationOf, writeJoins } from './sql/write.ts'

/** A column that more tables than these have says nothing about which one is meant. */
const maxHolders = 16

/** A column of a table that is not read yet, and that foreign keys lead to; the nearest one. */
export function elsewhere(
  { name, block }: Reference,
  statement: Statement,
  maxHops: number,
): Meant | undefined {
  const { catalog } = statement
  const from = tablesOf(block, statement)
  const holders = catalog.tables.filter((table) => findColumn(table, name) !== undefined)
  if (holders.length > maxHolders) return undefined
  const reachable = holders.flatMap((table) => {
    const path = shortestPath(catalog, from, table)
    return path === undefined || path.length > 3 ? [] : [{ table, hops: path.length }]
  })
  const [nearest, second] = reachable.toSorted((a, b) => a.hops - b.hops)
  if (nearest === undefined || nearest.hops === second?.hops || nearest.hops > maxHops)
    return undefined
  return joined(nearest.table, name, block, statement)
}

/** A table that is joined for one of its columns. */
export function joined(
  table: CatalogTable,
  name: string,
  block: Block,
  statement: Statement,
): Meant | undefined {
  const { catalog } = statement
  const exact = findColumn(table, name)
  const column = exact ?? bestOf(table.columns, (one) => similarityOf(name, one.name))?.value
  const from = tablesOf(block, statement)
  const path = column === undefined ? undefined : shortestPath(catalog, from, table)
  const [hop] = path ?? []
  const last = block.relations.at(-1)
  if (column === undefined || path === undefined || hop === undefined || last === undefined)
    return undefined
  const startTable = hop.join.many === hop.to ? hop.join.one : hop.join.many
  const start = relationOf(startTable, block, statement)
  if (start === undefined) return undefined
  const { text, last: end } = writeJoins(
    path,
    { table: startTable, written: start.written },
    statement,
  )
  return {
    by: `${end.written}.${quoted(column.name, catalog.dialect)}`,
    certainty:
      exact !== undefined && isOnlyPath(catalog, from, table, path.length) ? 'likely' : 'guess',
    join: { after: last, text, tables: path.map(({ to }) => to) },
  }
}

/**
 * `friends.name` beside `people.name`, where `people` is joined over one key of `friends`: the same
 * column of the other person, to whom the other key leads.
 */
export function byOtherRole(reference: Reference, statement: Statement): Meant | undefined {
  const { qualifier, name, block } = reference
  const { references, catalog } = statement
  const relation = block.relations.find(({ alias }) => alias === qualifier)
  const table = relation === undefined ? undefined : tableOf(relation, statement)
  const last = block.relations.at(-1)
  if (relation === undefined || table === undefined || last === undefined) return undefined
  const others = block.relations.filter((other) => {
    const isHolder = tableOf(other, statement)?.columns.some(
      (column) => column.name.toLowerCase() === name,
    )
    return other !== relation && isHolder === true
  })
  const [other, second] = others
  const target = other === undefined ? undefined : tableOf(other, statement)
  const isUsed = references.some(
    (one) => one.block === block && one.qualifier === other?.alias && one.name === name,
  )
  if (other === undefined || second !== undefined || target === undefined || !isUsed)
    return undefined
  const free = joinsOf(catalog).filter(
    ({ many, one, columns }) =>
      many === table &&
      one === target &&
      !references.some(
        ({ on, qualifier: by, name: used }) =>
          on !== undefined && by === relation.alias && columns.some((key) => sameName(key, used)),
      ),
  )
  const [join, more] = free
  const column = findColumn(target, name)
  if (join === undefined || more !== undefined || column === undefined) return undefined
  const { text, last: end } = writeJoins(
    [{ join, to: target }],
    { table, written: relation.written },
    statement,
    freeAlias(target.name, statement),
  )
  const by = `${end.written}.${quoted(column.name, catalog.dialect)}`
  return { by, certainty: 'likely', join: { after: last, text, tables: [target] } }
}

function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase()
}

function tablesOf(block: Block, statement: Statement): readonly CatalogTable[] {
  return block.relations.flatMap((relation) => tableOf(relation, statement) ?? [])
}
