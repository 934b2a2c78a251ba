import {
  visibleCatalog,
  type Catalog,
  type CatalogTable,
  type Policy,
  type SqlGuard,
} from '@t2t/sql-guard'
import { quotedName } from './quoted-name.ts'

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
    .map((table) => withReadableColumns(guard, table, catalog.dialect))
    .filter(({ columns }) => columns.length > 0)
  return { ...named, tables }
}

function withReadableColumns(
  guard: Pick<SqlGuard, 'check'>,
  table: CatalogTable,
  dialect: Catalog['dialect'],
): CatalogTable {
  const from = `${quotedName(table.schema, dialect)}.${quotedName(table.name, dialect)}`
  const columns = table.columns.filter(
    ({ name, generatedFrom }) =>
      (table.kind === 'table' && generatedFrom === undefined) ||
      guard.check(`SELECT ${quotedName(name, dialect)} FROM ${from}`).kind === 'allowed',
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
