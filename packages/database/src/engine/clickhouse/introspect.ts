import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import type { Cell } from '../../read/read.ts'
import { withVersion } from '../catalog-version.ts'

/** Asks a question of ours inside the session. */
export type Ask = (sql: string) => Promise<readonly (readonly Cell[])[]>

/**
 * Reads tables, views, columns, comments, keys, enums and row counts of the database.
 *
 * Columns that `SELECT *` does not give (`MATERIALIZED`, `ALIAS`, `EPHEMERAL`) are left out.
 */
export async function introspectClickhouse(ask: Ask): Promise<Catalog> {
  const [[database] = []] = await ask('SELECT currentDatabase()')
  const columns = Map.groupBy(await ask(columnsQuery), ([table]) => text(table))
  const tables = (await ask(tablesQuery)).map(
    ([name, engine, comment, rows, definition]): CatalogTable => {
      const own = columns.get(text(name)) ?? []
      const all = own.map(([, column]) => text(column))
      const isView = views.has(text(engine))
      return {
        schema: text(database),
        name: text(name),
        kind: isView ? 'view' : 'table',
        columns: own.map((row) => toColumn(row, all)),
        primaryKey: own.flatMap(([, column, , , , , isKey]) => (isKey === 1 ? [text(column)] : [])),
        foreignKeys: [],
        ...(text(comment) === '' ? {} : { comment: text(comment) }),
        ...(isView || rows === null ? {} : { estimatedRows: Number(rows) }),
        ...(text(definition) === '' ? {} : { definition: text(definition) }),
      }
    },
  )
  return withVersion({ dialect: 'clickhouse', searchPath: [text(database)], tables })
}

function toColumn(row: readonly Cell[], all: readonly string[]): CatalogColumn {
  const [, name, type, comment, kind, expression] = row
  const words = new Set(text(expression).match(/\w+/g))
  const generatedFrom = all.filter((other) => other !== name && words.has(other))
  const enumValues = enumValuesOf(text(type))
  return {
    name: text(name),
    type: text(type),
    isNullable: /^(?:LowCardinality\()?Nullable\(/.test(text(type)),
    ...(text(comment) === '' ? {} : { comment: text(comment) }),
    ...(text(kind) === '' || generatedFrom.length === 0 ? {} : { generatedFrom }),
    ...(enumValues.length === 0 ? {} : { enumValues }),
  }
}

function enumValuesOf(type: string): readonly string[] {
  if (!/^(?:Nullable\()?Enum(?:8|16)\(/.test(type)) return []
  return Array.from(type.matchAll(/'((?:[^'\\]|\\.)*)' = /g), ([, value = '']) =>
    value.replaceAll(/\\(.)/g, '$1'),
  )
}

function text(value: Cell | undefined): string {
  return typeof value === 'string' ? value : ''
}

/** Views, and tables that give what others hold; where there is no definition, it is not known what. */
const views: ReadonlySet<string> = new Set([
  'Buffer',
  'Dictionary',
  'Distributed',
  'MaterializedView',
  'Merge',
  'View',
  'WindowView',
])

const tablesQuery = `
SELECT name, engine, comment, total_rows, as_select FROM system.tables
WHERE database = currentDatabase() AND NOT is_temporary AND NOT startsWith(name, '.inner')
ORDER BY name`

const columnsQuery = `
SELECT table, name, type, comment, default_kind, default_expression, is_in_primary_key
FROM system.columns WHERE database = currentDatabase() AND default_kind IN ('', 'DEFAULT')
ORDER BY table, position`
