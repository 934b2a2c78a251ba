import type { SQLOutputValue } from 'node:sqlite'
import type { Catalog, CatalogColumn, CatalogForeignKey, CatalogTable } from '@t2t/sql-guard'
import { withVersion } from '../catalog-version.ts'
import type { SqliteSession } from './session.ts'
import { generatedFrom, isFullText, viewDefinition } from './table-text.ts'

type Row = Readonly<Record<string, SQLOutputValue>>
type Query = (sql: string) => readonly Row[]

const schema = 'main'

/** Reads tables, views, columns, keys and estimates of the main database. */
export function introspectSqlite(session: SqliteSession): Catalog {
  return session.describing(() => {
    const query: Query = (sql) => session.connection.prepare(sql).all()
    const texts = new Map(
      query('SELECT name, sql FROM sqlite_schema').map((row) => [
        text(row['name']),
        text(row['sql']),
      ]),
    )
    const estimates = rowEstimates(query, texts)
    const tables = query(`PRAGMA ${schema}.table_list`)
      .filter(({ schema: owner, name, type }) => {
        const isOwn = owner === schema && !text(name).toLowerCase().startsWith('sqlite_')
        return isOwn && type !== 'shadow'
      })
      .flatMap((row) => {
        try {
          return describeTable(query, text(row['name']), row['type'] === 'view', texts, estimates)
        } catch {
          // A view over something that is gone, or a module that is missing: nobody can read it.
          return []
        }
      })
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    return withVersion({ dialect: 'sqlite', searchPath: [schema], tables })
  })
}

function describeTable(
  query: Query,
  name: string,
  isView: boolean,
  texts: ReadonlyMap<string, string>,
  estimates: ReadonlyMap<string, number>,
): CatalogTable {
  const created = texts.get(name) ?? ''
  const rows = query(`PRAGMA ${schema}.table_xinfo(${quoted(name)})`).filter(
    ({ hidden }) => hidden !== 1,
  )
  const names = rows.map((row) => text(row['name']))
  const keyed = rows.filter(({ pk }) => Number(pk) > 0)
  const definition = isView ? viewDefinition(created) : undefined
  const estimatedRows = estimates.get(name)
  return {
    schema,
    name,
    kind: isView ? 'view' : 'table',
    columns: rows.map((row) => describeColumn(row, created, names)),
    primaryKey: keyed
      .toSorted((one, other) => Number(one['pk']) - Number(other['pk']))
      .map((row) => text(row['name'])),
    foreignKeys: isView ? [] : foreignKeys(query, name),
    ...(isFullText(created) ? { isFullText: true } : {}),
    ...(estimatedRows === undefined ? {} : { estimatedRows }),
    ...(definition === undefined ? {} : { definition }),
  }
}

function describeColumn(row: Row, created: string, names: readonly string[]): CatalogColumn {
  const name = text(row['name'])
  const isGenerated = row['hidden'] === 2 || row['hidden'] === 3
  return {
    name,
    type: text(row['type']),
    isNullable: row['notnull'] === 0 && row['pk'] === 0,
    ...(isGenerated ? { generatedFrom: generatedFrom(created, name, names) } : {}),
  }
}

function foreignKeys(query: Query, name: string): readonly CatalogForeignKey[] {
  const rows = query(`PRAGMA ${schema}.foreign_key_list(${quoted(name)})`)
  const byId = Map.groupBy(rows, ({ id }) => Number(id))
  return [...byId.entries()]
    .toSorted(([one], [other]) => one - other)
    .map(([, parts]) => {
      const table = text(parts[0]?.['table'])
      const named = parts.flatMap(({ to }) => (to === null ? [] : [text(to)]))
      return {
        columns: parts.map(({ from }) => text(from)),
        references: {
          schema,
          table,
          columns: named.length === parts.length ? named : primaryKeyOf(query, table),
        },
      }
    })
}

function primaryKeyOf(query: Query, table: string): readonly string[] {
  return query(`PRAGMA ${schema}.table_xinfo(${quoted(table)})`)
    .filter(({ pk }) => Number(pk) > 0)
    .toSorted((one, other) => Number(one['pk']) - Number(other['pk']))
    .map((row) => text(row['name']))
}

/** Estimates exist after ANALYZE; counting would scan every table. */
function rowEstimates(
  query: Query,
  texts: ReadonlyMap<string, string>,
): ReadonlyMap<string, number> {
  if (!texts.has('sqlite_stat1')) return new Map()
  return new Map(
    query('SELECT tbl, stat FROM sqlite_stat1').map(({ tbl, stat }) => [
      text(tbl),
      Number.parseInt(text(stat), 10),
    ]),
  )
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

function text(value: SQLOutputValue | undefined): string {
  return typeof value === 'string' ? value : ''
}
