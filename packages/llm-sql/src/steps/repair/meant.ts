import type { CatalogTable } from '@t2t/sql-guard'
import { findColumn } from '../../schema/find.ts'
import { wordsOf } from '../../schema/identifier.ts'
import { joinsOf, shortestPath } from '../../schema/join-path.ts'
import { displayColumn } from '../../schema/traits.ts'
import type { Block, Relation } from './sql/blocks.ts'
import { is } from './sql/lex.ts'
import { scopesOf, tableOf, type Reference, type Statement } from './sql/references.ts'
import type { Repair } from './repair-step.ts'
import { bestOf, isTypingError, similarityOf } from './similarity.ts'
import { qualified, quoted, relationOf, writeJoins } from './sql/write.ts'

/** How a reference is to be written instead, and what is joined for it. */
export interface Meant {
  readonly by: string
  readonly certainty: Repair['certainty']
  readonly join?: { readonly after: Relation; readonly text: string } | undefined
}

/** `T.x` where nothing is called T: the table under its alias, else a table to join. */
export function unreadTable(reference: Reference, statement: Statement): Meant | undefined {
  const { qualifier = '', name, block } = reference
  const table = bestOf(
    statement.catalog.tables,
    (one) => similarityOf(qualifier, one.name),
    0.99,
  )?.value
  if (table === undefined) return missing({ ...reference, qualifier: undefined }, statement)
  for (const relations of scopesOf(block)) {
    const relation = relations.find((one) => tableOf(one, statement) === table)
    if (relation !== undefined)
      return {
        by: qualified(relation, nameIn(relation, name, statement), statement),
        certainty: 'sure',
      }
  }
  return joined(table, name, block, statement)
}

/** A column that no table of the statement has under that name. */
export function missing(reference: Reference, statement: Statement): Meant | undefined {
  const { qualifier, name, block } = reference
  const relations = scopesOf(block).flat()
  const named =
    qualifier === undefined
      ? (scopesOf(block)[0] ?? [])
      : relations.filter(({ alias }) => alias === qualifier)
  return (
    similarIn(named, name, statement, isTypingError, 'sure') ??
    exactIn(relations, name, statement) ??
    equalByKey(named.length > 0 ? named : relations, name, statement) ??
    byRole(named, name, statement) ??
    similarIn(named, name, statement, () => true, 'likely') ??
    similarIn(relations, name, statement, () => true, 'likely') ??
    elsewhere(name, block, statement) ??
    constant(reference, statement)
  )
}

/** `id` is the key of the only table, and `name` or `title` what its rows are known by. */
function byRole(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
): Meant | undefined {
  const [relation, second] = relations
  const table = relation === undefined ? undefined : tableOf(relation, statement)
  if (relation === undefined || second !== undefined || table === undefined) return undefined
  const [key, more] = table.primaryKey
  const isKeyName = ['id', 'key', 'code'].includes(name)
  const isDisplayName = ['name', 'title', 'label'].includes(name)
  const column =
    isKeyName && more === undefined ? key : isDisplayName ? displayColumn(table)?.name : undefined
  return column === undefined
    ? undefined
    : { by: qualified(relation, column, statement), certainty: 'likely' }
}

/** A name beside a comparison that is no column of anything: a constant without its quotes. */
function constant(
  { qualifier, from, to, name, text }: Reference,
  { tokens, catalog }: Statement,
): Meant | undefined {
  const isCompared = is(tokens[from - 1], '=', '<>', '!=') && to === from + 1
  const isColumn = catalog.tables.some((table) => findColumn(table, name) !== undefined)
  if (qualifier !== undefined || !isCompared || isColumn) return undefined
  const isQuoted = text.startsWith('"')
  const value = isQuoted ? text.slice(1, -1).replaceAll('""', '"') : text
  return { by: `'${value.replaceAll("'", "''")}'`, certainty: isQuoted ? 'likely' : 'guess' }
}

/** A column of another name in some relations. */
function similarIn(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
  isAlike: (written: string, meant: string) => boolean,
  certainty: Repair['certainty'],
): Meant | undefined {
  const places = relations.flatMap((relation) =>
    (tableOf(relation, statement)?.columns ?? [])
      .filter((column) => isAlike(name, column.name))
      .map((column) => ({ relation, column })),
  )
  const best = bestOf(places, ({ relation, column }) =>
    similarityOf(name, column.name, wordsOf(relation.table ?? '')),
  )
  if (best === undefined) return undefined
  const { relation, column } = best.value
  return { by: qualified(relation, column.name, statement), certainty }
}

/** The same name in another relation of the statement. */
function exactIn(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
): Meant | undefined {
  const holders = relations.filter((relation) => {
    const table = tableOf(relation, statement)
    return table !== undefined && findColumn(table, name) !== undefined
  })
  const plain = holders.filter((relation) => isPlainColumn(relation, name, statement))
  const [relation, second] = plain.length > 0 ? plain : holders
  if (relation === undefined || second !== undefined) return undefined
  return {
    by: qualified(relation, nameIn(relation, name, statement), statement),
    certainty: holders.length === 1 ? 'likely' : 'guess',
  }
}

/** A column that a foreign key sets equal to the missing one of another table. */
export function equalByKey(
  relations: readonly Relation[],
  name: string,
  statement: Statement,
): Meant | undefined {
  for (const relation of relations) {
    const table = tableOf(relation, statement)
    if (table === undefined) continue
    for (const { many, one, columns, references } of joinsOf(statement.catalog)) {
      const at = (many === table ? references : columns).findIndex(
        (column) => column.toLowerCase() === name,
      )
      const column = at < 0 ? undefined : many === table ? columns[at] : references[at]
      if (column !== undefined && (many === table || one === table))
        return { by: qualified(relation, column, statement), certainty: 'likely' }
    }
  }
  return undefined
}

/** A column that more tables than these have says nothing about which one is meant. */
const maxHolders = 16

/** A column of a table that is not read yet, and that foreign keys lead to. */
function elsewhere(name: string, block: Block, statement: Statement): Meant | undefined {
  const { catalog } = statement
  const from = block.relations.flatMap((relation) => tableOf(relation, statement) ?? [])
  const holders = catalog.tables.filter((table) => findColumn(table, name) !== undefined)
  if (holders.length > maxHolders) return undefined
  const reachable = holders.flatMap((table) => {
    const path = shortestPath(catalog, from, table)
    return path === undefined || path.length > 3 ? [] : [{ table, hops: path.length }]
  })
  const [nearest, second] = reachable.toSorted((a, b) => a.hops - b.hops)
  if (nearest === undefined || nearest.hops === second?.hops) return undefined
  const certainty = second === undefined ? 'likely' : 'guess'
  const meant = joined(nearest.table, name, block, statement)
  return meant === undefined ? undefined : { ...meant, certainty }
}

function joined(
  table: CatalogTable,
  name: string,
  block: Block,
  statement: Statement,
): Meant | undefined {
  const { catalog } = statement
  const column =
    findColumn(table, name) ?? bestOf(table.columns, (one) => similarityOf(name, one.name))?.value
  const from = block.relations.flatMap((relation) => tableOf(relation, statement) ?? [])
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
    certainty: 'likely',
    join: { after: last, text },
  }
}

/** A column's name as the table spells it. */
export function nameIn(relation: Relation, name: string, statement: Statement): string {
  const table = tableOf(relation, statement)
  return (table === undefined ? undefined : findColumn(table, name)?.name) ?? name
}

/** Whether a relation has a column that refers to no other table. */
export function isPlainColumn(relation: Relation, name: string, statement: Statement): boolean {
  const table = tableOf(relation, statement)
  return (
    table !== undefined &&
    !table.foreignKeys.some(({ columns }) => columns.some((one) => one.toLowerCase() === name))
  )
}
