import { compileAccess } from '../policy/access.ts'
import type { Policy } from '../policy/policy.ts'
import type { Catalog, CatalogTable } from './catalog.ts'

/**
 * Leaves out of a catalog what a policy hides, so that a prompt, a tool or a page shows only what
 * the guard would let through.
 *
 * Foreign keys that touch a hidden table or column are left out as well. A view shows only where
 * the policy lets it be read by name; its columns are not traced here.
 */
export function visibleCatalog(catalog: Catalog, policy: Policy): Catalog {
  const access = compileAccess(policy, systemRules(catalog), catalog.searchPath)
  const isVisible = (schema: string, table: string, column: string) =>
    access.allowsTable(schema, table) && !access.blocksColumn(schema, table, column)

  const tables = catalog.tables
    .filter(({ schema, name }) => access.allowsTable(schema, name))
    .map((table): CatalogTable => {
      const { definition: _hidden, ...shown } = table
      return {
        ...(access.blocksColumns || access.blocksTables ? shown : table),
        columns: table.columns.filter(({ name }) => isVisible(table.schema, table.name, name)),
        primaryKey: table.primaryKey.every((name) => isVisible(table.schema, table.name, name))
          ? table.primaryKey
          : [],
        foreignKeys: table.foreignKeys.filter(
          ({ columns, references }) =>
            columns.every((name) => isVisible(table.schema, table.name, name)) &&
            references.columns.every((name) =>
              isVisible(references.schema, references.table, name),
            ) &&
            access.allowsTable(references.schema, references.table),
        ),
      }
    })
  return { ...catalog, tables }
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
    fold: dialect === 'sqlite' ? (name) => name.toLowerCase() : (name) => name,
    isSystemSchema: isSystem,
    isSystemTable: (table) => (dialect === 'postgres' || dialect === 'sqlite') && isSystem(table),
    safeFunctions: new Set(),
  }
}
