import { readFileSync } from 'node:fs'
import { DatabaseSync, type SQLOutputValue } from 'node:sqlite'
import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import type { QueryRun, QueryRunner } from '../assistant/assistant.ts'
import { EvaluationInvalidError } from '../errors/errors.ts'
import type { EvaluationDatabase } from './database.ts'

/** How a SQLite database is opened for an evaluation. */
export interface SqliteSource {
  /** A database file, opened for reading only. */
  readonly file?: string | undefined
  /** Scripts that make the database in memory, run in order. */
  readonly scripts?: readonly string[] | undefined
  /** Whether text in double quotes that names nothing is a string, as older SQLite has it. */
  readonly doubleQuotedStrings: boolean
  /** Distinct values of each text column that the catalog shows; 0 for none. */
  readonly sampleValues: number
}

/** @throws {@link EvaluationInvalidError} when the database cannot be opened. */
export function openSqlite(name: string, source: SqliteSource): EvaluationDatabase {
  const { file, scripts = [], doubleQuotedStrings, sampleValues } = source
  let database: DatabaseSync
  let last = file ?? ''
  try {
    database = new DatabaseSync(file ?? ':memory:', {
      readOnly: file !== undefined,
      enableForeignKeyConstraints: false,
      enableDoubleQuotedStringLiterals: doubleQuotedStrings,
    })
    for (const script of scripts) {
      last = script
      database.exec(readFileSync(script, 'utf8'))
    }
    if (file === undefined) database.exec('PRAGMA query_only = 1')
    return {
      dialect: sqlite(),
      catalog: catalogOf(database, sampleValues),
      run: runnerOn(database),
      close: () => database.close(),
    }
  } catch {
    throw new EvaluationInvalidError(`The database ${name} cannot be opened from ${last}.`)
  }
}

function runnerOn(database: DatabaseSync): QueryRunner {
  return async (sql): Promise<QueryRun> => {
    try {
      // Recorded systems often write operators of two signs apart.
      const statement = database.prepare(sql.replaceAll(/([<>!])\s+=/g, '$1='))
      statement.setReturnArrays(true)
      statement.setReadBigInts(true)
      const columns = statement.columns().map(({ name }) => name)
      // Typed as records, whatever `setReturnArrays` says.
      const rows: readonly unknown[] = statement.all()
      return { kind: 'rows', columns, rows: rows.map(rowOf), isTruncated: false }
    } catch (error) {
      const message = error instanceof Error ? error.message : 'The engine refused the statement.'
      return { kind: 'failed', message }
    }
  }
}

function rowOf(row: unknown): (string | number | null)[] {
  return Array.isArray(row) ? row.map((value: SQLOutputValue) => cellOf(value)) : []
}

function cellOf(value: SQLOutputValue): string | number | null {
  if (typeof value === 'bigint')
    return Number.isSafeInteger(Number(value)) ? Number(value) : String(value)
  return value instanceof Uint8Array ? Buffer.from(value).toString('hex') : value
}

function catalogOf(database: DatabaseSync, samples: number): Catalog {
  const tables = database
    .prepare(
      "SELECT name, type FROM sqlite_schema WHERE type IN ('table', 'view') AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'",
    )
    .all()
    .map(({ name, type }) => tableOf(database, String(name), type === 'view', samples))
  return {
    dialect: 'sqlite',
    version: '1',
    searchPath: ['main'],
    tables: tables.map((table) => withTargets(table, tables)),
  }
}

function tableOf(
  database: DatabaseSync,
  name: string,
  isView: boolean,
  samples: number,
): CatalogTable {
  const columns = database.prepare('SELECT * FROM pragma_table_info(?)').all(name)
  const keys = database.prepare('SELECT * FROM pragma_foreign_key_list(?)').all(name)
  return {
    schema: 'main',
    name,
    kind: isView ? 'view' : 'table',
    primaryKey: columns.filter(({ pk }) => Number(pk) > 0).map((column) => String(column['name'])),
    columns: columns.map((column) => ({
      name: String(column['name']),
      type: String(column['type']),
      isNullable: column['notnull'] === 0,
      ...samplesOf(database, name, column, samples),
    })),
    foreignKeys: [...new Set(keys.map(({ id }) => id))].toReversed().map((id) => {
      const parts = keys.filter((key) => key['id'] === id)
      return {
        columns: parts.map(({ from }) => String(from)),
        references: {
          schema: 'main',
          table: String(parts[0]?.['table']),
          columns: parts.flatMap(({ to }) => (to === null ? [] : [String(to)])),
        },
      }
    }),
  }
}

function samplesOf(
  database: DatabaseSync,
  table: string,
  column: Record<string, SQLOutputValue>,
  limit: number,
): { readonly sampleValues?: readonly string[] } {
  if (limit === 0 || !/char|text|clob/i.test(String(column['type']))) return {}
  const name = quoted(String(column['name']))
  const sql = `SELECT DISTINCT ${name} AS value FROM ${quoted(table)} WHERE ${name} IS NOT NULL AND length(${name}) <= 60 LIMIT ?`
  const values = database.prepare(sql).all(limit)
  return { sampleValues: values.map(({ value }) => String(value)) }
}

/** Spells tables as they were created, and fills in the key that a foreign key leaves unsaid. */
function withTargets(table: CatalogTable, tables: readonly CatalogTable[]): CatalogTable {
  const foreignKeys = table.foreignKeys.map(({ columns, references }) => {
    const target = tables.find(({ name }) => name.toLowerCase() === references.table.toLowerCase())
    const isSaid = references.columns.length > 0
    return {
      columns,
      references: {
        ...references,
        table: target?.name ?? references.table,
        columns: isSaid ? references.columns : (target?.primaryKey ?? []),
      },
    }
  })
  return { ...table, foreignKeys }
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}
