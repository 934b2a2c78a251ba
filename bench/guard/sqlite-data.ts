import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Catalog, CatalogTable } from '@t2t/sql-guard'

/** The shared development data; nothing of it is part of any package. */
export const dataFolder = process.env['T2T_DATA'] ?? `${import.meta.dirname}/../../../shared/data`

/** One statement of a set. */
export interface Statement {
  readonly id: string
  readonly db: string
  readonly sql: string
}

/** Reads a file with one JSON object a line. */
export function readLines(path: string): readonly Readonly<Record<string, unknown>>[] {
  return readFileSync(`${dataFolder}/${path}`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): Readonly<Record<string, unknown>> => JSON.parse(line))
}

/** The statements that the authors of a set hold to be right. */
export function goldStatements(set: string): readonly Statement[] {
  return readLines(`${set}/questions.jsonl`).flatMap((line) => {
    const sql = line['gold_sql']
    return typeof sql === 'string' && sql !== ''
      ? [{ id: String(line['id']), db: String(line['db']), sql }]
      : []
  })
}

/** What models wrote for the questions of a set, in one dialect. */
export function modelStatements(set: string, dialect: string): readonly Statement[] {
  const databases = new Map(
    readLines(`${set}/questions.jsonl`).map((line) => [line['id'], String(line['db'])]),
  )
  return readLines(`${set}/model_outputs.jsonl`)
    .filter((line) => (line['dialect'] ?? 'sqlite') === dialect)
    .map((line, index) => ({
      id: `${String(line['id'])}/${String(line['system'])}/${index}`,
      db: databases.get(line['id']) ?? '',
      sql: String(line['sql']),
    }))
}

/** Opens one database of a set in memory; double quotes may hold strings, as in old files. */
export function openSqlite(set: string, name: string, withRows = true): DatabaseSync {
  const database = new DatabaseSync(':memory:', {
    enableForeignKeyConstraints: false,
    enableDoubleQuotedStringLiterals: true,
  })
  database.exec(readFileSync(`${dataFolder}/${set}/schema/${name}.sql`, 'utf8'))
  if (withRows) database.exec(readFileSync(`${dataFolder}/${set}/data/${name}.sql`, 'utf8'))
  return database
}

/** Reads what a SQLite database contains. */
export function sqliteCatalog(database: DatabaseSync): Catalog {
  const objects = database
    .prepare(
      "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite_%'",
    )
    .all()
  const tables = objects.map(({ name, type }): CatalogTable => {
    const columns = database.prepare('SELECT * FROM pragma_table_info(?)').all(String(name))
    return {
      schema: 'main',
      name: String(name),
      kind: type === 'view' ? 'view' : 'table',
      columns: columns.map((column) => ({
        name: String(column['name']),
        type: String(column['type']),
        isNullable: column['notnull'] === 0,
      })),
      primaryKey: columns.filter(({ pk }) => Number(pk) > 0).map(({ name: key }) => String(key)),
      foreignKeys: [],
    }
  })
  return { dialect: 'sqlite', version: '1', searchPath: ['main'], tables }
}
