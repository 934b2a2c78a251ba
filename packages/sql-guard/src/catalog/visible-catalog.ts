import { caseless } from '../dialect/caseless.ts'
import { type Access, compileAccess } from '../policy/access.ts'
import type { Policy } from '../policy/policy.ts'
import { hindranceOf } from '../resolve/from/from-table.ts'
import type { KnownTable } from '../resolve/from/tables.ts'
import type { Catalog, CatalogColumn, CatalogTable } from './catalog.ts'
import { withInheritance } from './inheritance.ts'

/**
 * Leaves out of a catalog what a policy hides, so that a prompt, a tool or a page shows only what
 * the guard would let through.
 *
 * Foreign keys that touch a hidden table or column are left out as well. Views are judged by their
 * names alone; a guard's own `visibleCatalog` follows them to what they read.
 */
export function visibleCatalog(catalog: Catalog, policy: Policy): Catalog {
  const named = compileAccess(policy, systemRules(catalog), catalog.searchPath)
  const access = withInheritance(named, catalog)
  return shownBy(catalog, access, (table) =>
    table.columns.filter(({ name }) => !access.blocksColumn(table.schema, table.name, name)),
  )
}

/**
 * Leaves out of a catalog what a query could not read: views over hidden tables, and columns that
 * are computed from hidden ones.
 */
export function tracedCatalog(
  catalog: Catalog,
  access: Access,
  know: (table: CatalogTable) => KnownTable | undefined,
): Catalog {
  return shownBy(catalog, access, (table) => {
    const known = know(table)
    if (known === undefined || hindranceOf(access, known) !== undefined) return []
    return table.columns.filter((_, index) =>
      known.columns[index]?.sources.every(
        ({ table: { schema, name }, column }) => !access.blocksColumn(schema, name, column),
      ),
    )
  })
}

function shownBy(
  catalog: Catalog,
  access: Access,
  columnsOf: (table: CatalogTable) => readonly CatalogColumn[],
): Catalog {
  const hidesText = access.blocksColumns || access.blocksTables
  const shown = catalog.tables
    .filter(({ schema, name }) => access.allowsTable(schema, name))
    .map((table) => ({ table, columns: columnsOf(table) }))
    .filter(({ table, columns }) => columns.length > 0 || table.columns.length === 0)
  const visible = new Map(
    shown.map(({ table, columns }) => [
      keyOf(table.schema, table.name),
      new Set(columns.map(({ name }) => name)),
    ]),
  )
  const isVisible = (schema: string, table: string, columns: readonly string[]) => {
    const names = visible.get(keyOf(schema, table))
    return names !== undefined && columns.every((column) => names.has(column))
  }

  const tables = shown.map(({ table, columns }): CatalogTable => {
    const { schema, name, primaryKey, foreignKeys } = table
    const { definition: _hidden, ...plain } = table
    return {
      ...(hidesText ? plain : table),
      columns,
      primaryKey: isVisible(schema, name, primaryKey) ? primaryKey : [],
      foreignKeys: foreignKeys.filter(
        ({ columns: own, references: { schema: other, table: to, columns: keys } }) =>
          isVisible(schema, name, own) && isVisible(other, to, keys),
      ),
    }
  })
  return { ...catalog, tables }
}

function keyOf(schema: string, table: string): string {
  return JSON.stringify([schema, table])
}

function systemRules({ dialect }: Catalog): Parameters<typeof compileAccess>[1] {
  const prefixes: Readonly<Record<Catalog['dialect'], RegExp>> = {
    postgres: /^(pg_|information_schema$)/,
    sqlite: /^(sqlite_|pragma_)/,
    mysql: /^(mysql|sys|performance_schema|information_schema)$/,
    clickhouse: /^(system|information_schema)$/,
  }
  const isSystem = (name: string) => prefixes[dialect].test(name)
  return {
    fold: dialect === 'sqlite' ? caseless : (name) => name,
    isSystemSchema: isSystem,
    isSystemTable: (table) => (dialect === 'postgres' || dialect === 'sqlite') && isSystem(table),
    safeFunctions: new Set(),
  }
}
