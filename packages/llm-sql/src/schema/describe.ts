import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogTable } from '@t2t/sql-guard'

/** Makes untrusted text fit to be shown, in one line of the given length. */
export type Say = (text: string, maxLength?: number) => string

/** Writes a catalog as a prompt shows it, one line each, in an order that does not change. */
export function describeCatalog({ tables, searchPath }: Catalog, say: Say): readonly string[] {
  return tables
    .toSorted((a, b) => compare(`${a.schema}.${a.name}`, `${b.schema}.${b.name}`))
    .flatMap((table) => remembered(table, searchPath, say))
}

interface Written {
  readonly isOnPath: boolean
  readonly lines: readonly string[]
}

const written = new WeakMap<Say, WeakMap<CatalogTable, Written>>()

/** A table is written once for each way to make its text fit, for as long as both live. */
function remembered(
  table: CatalogTable,
  searchPath: readonly string[],
  say: Say,
): readonly string[] {
  const tables = written.get(say) ?? new WeakMap<CatalogTable, Written>()
  written.set(say, tables)
  const isOnPath = searchPath.includes(table.schema)
  const known = tables.get(table)
  if (known?.isOnPath === isOnPath) return known.lines
  const lines = describeTable(table, searchPath, say)
  tables.set(table, { isOnPath, lines })
  return lines
}

function describeTable(
  table: CatalogTable,
  searchPath: readonly string[],
  say: Say,
): readonly string[] {
  return [
    describeHead(table, searchPath, say),
    ...table.columns.map((column) => describeColumn(column, table.primaryKey, say)),
    ...table.foreignKeys.map((key) => describeKey(key, say)).toSorted(compare),
  ]
}

/** The line that begins a table. */
export function describeHead(table: CatalogTable, searchPath: readonly string[], say: Say): string {
  const name = searchPath.includes(table.schema) ? table.name : `${table.schema}.${table.name}`
  return `${table.kind} ${say(name)}${remark(table.comment, say)}`
}

/** The line of a foreign key. */
export function describeKey({ columns, references }: CatalogForeignKey, say: Say): string {
  const target = `${references.table} (${references.columns.join(', ')})`
  return `  ${say(`foreign key (${columns.join(', ')}) references ${target}`, 400)}`
}

/** The line of a column. */
export function describeColumn(
  column: CatalogColumn,
  primaryKey: readonly string[],
  say: Say,
): string {
  const values = column.enumValues ?? column.sampleValues
  const shown =
    values === undefined || values.length === 0
      ? ''
      : `, for example ${values
          .slice(0, 8)
          .map((value) => literal(value, say))
          .join(', ')}`
  const key = primaryKey.includes(column.name) ? ', primary key' : ''
  return `  ${say(column.name)} ${say(column.type)}${key}${shown}${remark(column.comment, say)}`
}

function remark(comment: string | undefined, say: Say): string {
  return comment === undefined || comment === '' ? '' : ` -- ${say(comment)}`
}

/** Writes a value as SQL would. */
export function literal(value: string | number, say: Say): string {
  return typeof value === 'number' ? String(value) : `'${say(value, 80).replaceAll("'", "''")}'`
}

function compare(left: string, right: string): number {
  return left < right ? -1 : left > right ? 1 : 0
}
