import {
  visibleCatalog,
  type Catalog,
  type CatalogTable,
  type Policy,
  type SqlGuard,
} from '@t2t/sql-guard'

/**
 * Leaves out of a catalog whatever the guard would not let a caller read.
 *
 * Names alone do not tell for a view or a generated column, so the guard is asked: a view over a
 * blocked column must not show it under another name.
 */
export function visibleTo(
  guard: Pick<SqlGuard, 'check'>,
  catalog: Catalog,
  policy: Policy,
): Catalog {
  const named = visibleCatalog(catalog, policy)
  const tables = named.tables
    .map((table) => withReadableColumns(guard, table))
    .filter(({ columns }) => columns.length > 0)
  return { ...named, tables }
}

function withReadableColumns(guard: Pick<SqlGuard, 'check'>, table: CatalogTable): CatalogTable {
  const from = `${quoted(table.schema)}.${quoted(table.name)}`
  const columns = table.columns.filter(
    ({ name, generatedFrom }) =>
      (table.kind === 'table' && generatedFrom === undefined) ||
      guard.check(`SELECT ${quoted(name)} FROM ${from}`).kind === 'allowed',
  )
  const shown = new Set(columns.map(({ name }) => name))
  const isShown = (names: readonly string[]): boolean => names.every((name) => shown.has(name))
  return {
    ...table,
    columns,
    primaryKey: isShown(table.primaryKey) ? table.primaryKey : [],
    foreignKeys: table.foreignKeys.filter((key) => isShown(key.columns)),
  }
}

/** A name as SQLite and PostgreSQL quote it. */
function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
