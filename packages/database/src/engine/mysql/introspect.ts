import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogTable } from '@t2t/sql-guard'
import { withVersion } from '../catalog-version.ts'

/** Asks a question of ours inside the session. */
export type Ask = (
  sql: string,
  values?: readonly string[],
) => Promise<readonly (readonly unknown[])[]>

/** Reads tables, views, columns, comments, keys, enums and estimates of one database. */
export async function introspectMysql(ask: Ask, database: string): Promise<Catalog> {
  const [columns, keys, views] = [
    Map.groupBy(await ask(columnsQuery, [database]), ([table]) => text(table)),
    Map.groupBy(await ask(keysQuery, [database]), ([table]) => text(table)),
    new Map((await ask(viewsQuery, [database])).map(([view, sql]) => [text(view), text(sql)])),
  ]
  const tables = (await ask(tablesQuery, [database])).map(
    ([name, kind, comment, estimated]): CatalogTable => {
      const table = text(name)
      const isView = text(kind).includes('VIEW')
      const definition = views.get(table) ?? ''
      const all = (columns.get(table) ?? []).map(([, column]) => text(column))
      return {
        schema: database,
        name: table,
        kind: isView ? 'view' : 'table',
        columns: (columns.get(table) ?? []).map((row) => toColumn(row, all)),
        primaryKey: primaryKey(keys.get(table) ?? []),
        foreignKeys: foreignKeys(keys.get(table) ?? []),
        ...(isView || text(comment) === '' ? {} : { comment: text(comment) }),
        ...(isView || estimated === null ? {} : { estimatedRows: Number(estimated) }),
        ...(definition === '' ? {} : { definition }),
      }
    },
  )
  return withVersion({
    dialect: 'mysql',
    searchPath: [database],
    // The order of the server depends on its collation.
    tables: tables.toSorted((one, other) => (one.name < other.name ? -1 : 1)),
  })
}

function toColumn(row: readonly unknown[], all: readonly string[]): CatalogColumn {
  const [, name, type, isNullable, comment, expression] = row
  const generatedFrom = all.filter((other) => text(expression).includes(`\`${other}\``))
  const enumValues = enumValuesOf(text(type))
  return {
    name: text(name),
    type: text(type),
    isNullable: text(isNullable) === 'YES',
    ...(text(comment) === '' ? {} : { comment: text(comment) }),
    ...(text(expression) === '' ? {} : { generatedFrom }),
    ...(enumValues.length === 0 ? {} : { enumValues }),
  }
}

function enumValuesOf(type: string): readonly string[] {
  if (!type.startsWith('enum(')) return []
  return Array.from(type.matchAll(/'((?:[^']|'')*)'/g), ([, value = '']) =>
    value.replaceAll("''", "'"),
  )
}

type Key = readonly unknown[]

function primaryKey(keys: readonly Key[]): readonly string[] {
  return keys.flatMap(([, name, column]) => (text(name) === 'PRIMARY' ? [text(column)] : []))
}

function foreignKeys(keys: readonly Key[]): readonly CatalogForeignKey[] {
  const byName = Map.groupBy(
    keys.filter(([, , , , table]) => text(table) !== ''),
    ([, name]) => text(name),
  )
  return [...byName.values()].map((parts) => ({
    columns: parts.map(([, , column]) => text(column)),
    references: {
      schema: text(parts[0]?.[3]),
      table: text(parts[0]?.[4]),
      columns: parts.map(([, , , , , column]) => text(column)),
    },
  }))
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

const tablesQuery = `
SELECT table_name, table_type, table_comment, table_rows FROM information_schema.tables
WHERE table_schema = ? AND table_type IN ('BASE TABLE', 'VIEW', 'SYSTEM VERSIONED')`

const viewsQuery = `
SELECT table_name, view_definition FROM information_schema.views WHERE table_schema = ?`

const columnsQuery = `
SELECT table_name, column_name, column_type, is_nullable, column_comment, generation_expression
FROM information_schema.columns WHERE table_schema = ? ORDER BY table_name, ordinal_position`

const keysQuery = `
SELECT table_name, constraint_name, column_name,
  referenced_table_schema, referenced_table_name, referenced_column_name
FROM information_schema.key_column_usage WHERE table_schema = ?
ORDER BY table_name, constraint_name, ordinal_position`
