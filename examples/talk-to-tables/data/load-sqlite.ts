import { DatabaseSync } from 'node:sqlite'
import { columns, type RetailData } from './retail.ts'
import { indexSql, schemaSql } from './schema.ts'

/** Writes the shop into a new SQLite file. */
export function loadSqlite(path: string, data: RetailData): void {
  const database = new DatabaseSync(path)
  try {
    database.exec('PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; BEGIN')
    for (const statement of schemaSql('REAL')) database.exec(statement)
    for (const [table, names] of entries()) {
      const marks = names.map(() => '?').join(', ')
      const insert = database.prepare(`INSERT INTO ${table} VALUES (${marks})`)
      for (const row of data[table]) insert.run(...row)
    }
    for (const statement of indexSql) database.exec(statement)
    database.exec('COMMIT; ANALYZE')
  } finally {
    database.close()
  }
}

function entries(): readonly [keyof typeof columns, readonly string[]][] {
  return Object.entries(columns) as [keyof typeof columns, readonly string[]][]
}
