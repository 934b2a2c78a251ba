import { readFileSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import type { Catalog, CatalogTable } from '@t2t/sql-guard'

/** One question of a set, with the query that its authors hold to be right. */
export interface EvaluatedQuestion {
  readonly id: string
  readonly db: string
  readonly question: string
  readonly question_syn?: string | undefined
  readonly gold_sql: string
  readonly evidence?: string | undefined
  readonly gold_tables?: readonly string[] | undefined
  readonly gold_columns?: readonly string[] | undefined
  readonly literals?: readonly GoldLiteral[] | undefined
}

/** A constant that the query of the authors compares a column with. */
export interface GoldLiteral {
  readonly column: string
  readonly op: string
  readonly value: string
  readonly string: boolean
}

/** A folder of the shared development data; nothing of it is part of any package. */
export const dataFolder = `${import.meta.dirname}/../../../shared/data`

/** Reads a question set. */
export function readQuestions(set: string): readonly EvaluatedQuestion[] {
  return readFileSync(`${dataFolder}/${set}/questions.jsonl`, 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line): EvaluatedQuestion => JSON.parse(line))
}

/** Opens one database of a set in memory. */
export function openDatabase(set: string, name: string): DatabaseSync {
  const database = new DatabaseSync(':memory:', {
    enableForeignKeyConstraints: false,
    enableDoubleQuotedStringLiterals: true,
  })
  database.exec(readFileSync(`${dataFolder}/${set}/schema/${name}.sql`, 'utf8'))
  database.exec(readFileSync(`${dataFolder}/${set}/data/${name}.sql`, 'utf8'))
  return database
}

/** Reads what a database contains, with up to so many distinct values of each text column. */
export function readCatalog(database: DatabaseSync, samples: number): Catalog {
  const names = database
    .prepare("SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'")
    .all()
    .map(({ name }) => String(name))
  const tables = names.map((name) => readTable(database, name, samples))
  return {
    dialect: 'sqlite',
    version: '1',
    searchPath: ['main'],
    tables: tables.map((table) => withTargets(table, tables)),
  }
}

function readTable(database: DatabaseSync, name: string, samples: number): CatalogTable {
  const columns = database.prepare(`SELECT * FROM pragma_table_info(?)`).all(name)
  const keys = database.prepare('SELECT * FROM pragma_foreign_key_list(?)').all(name)
  return {
    schema: 'main',
    name,
    kind: 'table',
    primaryKey: columns.filter(({ pk }) => Number(pk) > 0).map((column) => String(column['name'])),
    columns: columns.map((column) => {
      const type = String(column['type'])
      return {
        name: String(column['name']),
        type,
        isNullable: column['notnull'] === 0,
        sampleValues: /char|text/i.test(type)
          ? sample(database, name, String(column['name']), samples)
          : undefined,
      }
    }),
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

/** Spells tables as they were created, and fills in the key that a foreign key leaves unsaid. */
function withTargets(table: CatalogTable, tables: readonly CatalogTable[]): CatalogTable {
  const foreignKeys = table.foreignKeys.map(({ columns, references }) => {
    const target = tables.find(({ name }) => name.toLowerCase() === references.table.toLowerCase())
    return {
      columns,
      references: {
        ...references,
        table: target?.name ?? references.table,
        columns: references.columns.length > 0 ? references.columns : (target?.primaryKey ?? []),
      },
    }
  })
  return { ...table, foreignKeys }
}

function sample(
  database: DatabaseSync,
  table: string,
  column: string,
  limit: number,
): readonly string[] | undefined {
  if (limit === 0) return undefined
  return database
    .prepare(
      `SELECT DISTINCT "${column}" AS value FROM "${table}" WHERE "${column}" IS NOT NULL AND length("${column}") <= 60 LIMIT ${limit}`,
    )
    .all()
    .map(({ value }) => String(value))
}
