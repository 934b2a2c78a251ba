import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'

/** Finds a table by `table` or `schema.table`, without regard to case, along the search path. */
export function findTable(catalog: Catalog, name: string): CatalogTable | undefined {
  const wanted = name.toLowerCase()
  const ranked = catalog.tables.filter(
    (table) =>
      table.name.toLowerCase() === wanted ||
      `${table.schema}.${table.name}`.toLowerCase() === wanted,
  )
  const rank = (table: CatalogTable): number => {
    const at = catalog.searchPath.indexOf(table.schema)
    return at < 0 ? catalog.searchPath.length : at
  }
  return ranked.toSorted((a, b) => rank(a) - rank(b))[0]
}

/** Finds a column of a table without regard to case. */
export function findColumn(table: CatalogTable, name: string): CatalogColumn | undefined {
  const wanted = name.toLowerCase()
  return table.columns.find((column) => column.name.toLowerCase() === wanted)
}

/** Finds the table and column that `table.column` or `schema.table.column` names. */
export function findQualified(
  catalog: Catalog,
  name: string,
): { readonly table: CatalogTable; readonly column: CatalogColumn } | undefined {
  const at = name.lastIndexOf('.')
  const table = at < 0 ? undefined : findTable(catalog, name.slice(0, at))
  const column = table === undefined ? undefined : findColumn(table, name.slice(at + 1))
  return table === undefined || column === undefined ? undefined : { table, column }
}
