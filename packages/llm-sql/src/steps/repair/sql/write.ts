import type { CatalogTable, DialectName } from '@t2t/sql-guard'
import { keywords } from './keywords.ts'
import { tableOf, type Statement } from './references.ts'
import type { Block, Relation } from './blocks.ts'
import type { Join } from '../../../schema/join-path.ts'

/** Writes a name as a dialect reads it; quoted only where it must be. */
export function quoted(name: string, dialect: DialectName): string {
  const isPlain =
    dialect === 'postgres' ? /^[a-z_][a-z0-9_]*$/.test(name) : /^[A-Za-z_]\w*$/.test(name)
  if (isPlain && !keywords.has(name.toLowerCase())) return name
  const mark = dialect === 'mysql' || dialect === 'clickhouse' ? '`' : '"'
  return `${mark}${name.replaceAll(mark, mark + mark)}${mark}`
}

/** A name for columns of a relation. */
export function qualified(relation: Relation, column: string, { catalog }: Statement): string {
  return `${relation.written}.${quoted(column, catalog.dialect)}`
}

/** A table that is joined to a statement, and how its columns are qualified there. */
export interface Joined {
  readonly table: CatalogTable
  readonly written: string
}

/** Writes joins that lead from a relation to a table, one after the other. */
export function writeJoins(
  path: readonly { readonly join: Join; readonly to: CatalogTable }[],
  from: Joined,
  statement: Statement,
  lastAlias?: string,
): { readonly text: string; readonly last: Joined } {
  const { dialect } = statement.catalog
  const taken = aliasesIn(statement)
  let current = from
  const parts: string[] = []
  for (const [at, { join, to }] of path.entries()) {
    const isLast = at === path.length - 1
    const name = quoted(to.name, dialect)
    const alias = isLast && lastAlias !== undefined ? lastAlias : free(to.name, taken)
    taken.add(alias.toLowerCase())
    const next: Joined = { table: to, written: alias === to.name.toLowerCase() ? name : alias }
    const [many, one] = join.many === to ? [next, current] : [current, next]
    const condition = join.columns
      .map(
        (column, index) =>
          `${many.written}.${quoted(column, dialect)} = ${one.written}.${quoted(join.references[index] ?? '', dialect)}`,
      )
      .join(' AND ')
    parts.push(`JOIN ${name}${next.written === name ? '' : ` AS ${next.written}`} ON ${condition}`)
    current = next
  }
  return { text: parts.join(' '), last: current }
}

/** A name for a table that nothing in the statement has yet. */
export function freeAlias(name: string, statement: Statement): string {
  return free(name, aliasesIn(statement))
}

function aliasesIn({ blocks }: Statement): Set<string> {
  return new Set(blocks.flatMap(({ relations }) => relations.map(({ alias }) => alias)))
}

function free(name: string, taken: ReadonlySet<string>): string {
  const plain = name.toLowerCase()
  if (!taken.has(plain)) return plain
  for (let at = 2; ; at++) if (!taken.has(`${plain}_${at}`)) return `${plain}_${at}`
}

/** The relation of a block that reads a table, if one does. */
export function relationOf(
  table: CatalogTable,
  block: Block,
  statement: Statement,
): Relation | undefined {
  return block.relations.find((relation) => tableOf(relation, statement) === table)
}
