import { DatabaseSync } from 'node:sqlite'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { portable } from '@t2t/sql-guard/portable'
import { worldSchema } from '../../attacks/world.ts'
import { changes, moreSchema } from '../world.ts'
import { type Answer, type Engine, inOrder } from './engine.ts'

/** SQLite in this process. It cannot be stopped: who calls it must be ready to end the process. */
export function openSqlite(): Promise<Engine> {
  const one = open([])
  const others = {
    columns: open(changes.columns),
    rows: open(changes.rows),
    both: open(changes.both),
    groups: open(changes.groups),
  }
  const before = stateOf(one)
  const engine: Engine = {
    dialect: sqlite(),
    portable: portable({ engine: 'sqlite' }),
    schema: 'main',
    judge(texts, hidden) {
      const judgements = texts.map((sql) => ({
        one: answer(one, sql),
        other: answer(others[hidden], sql),
      }))
      return Promise.resolve({ judgements, isChanged: stateOf(one) !== before })
    },
    close() {
      for (const database of [one, ...Object.values(others)]) database.close()
      return Promise.resolve()
    },
  }
  return Promise.resolve(engine)
}

function open(more: readonly string[]): DatabaseSync {
  const database = new DatabaseSync(':memory:')
  database.exec([worldSchema(''), moreSchema, ...more].join(';\n'))
  return database
}

function answer(database: DatabaseSync, sql: string): Answer {
  try {
    const statement = database.prepare(sql)
    statement.setReturnArrays(true)
    statement.setReadBigInts(true)
    return {
      kind: 'rows',
      text: inOrder(
        sql,
        statement.all().map((row) => JSON.stringify(row, shown)),
      ),
    }
  } catch (error) {
    return { kind: 'error', text: error instanceof Error ? error.message : 'unknown' }
  }
}

function shown(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? String(value) : value
}

function stateOf(database: DatabaseSync): string {
  const tables = ['customers', 'orders', 'secrets', 'sqlite_master', 'sqlite_temp_master']
  const rows = tables.map((name) => database.prepare(`SELECT * FROM ${name}`).all())
  const settings = ['database_list', 'query_only', 'foreign_keys', 'user_version'].map((name) =>
    database.prepare(`PRAGMA ${name}`).all(),
  )
  return JSON.stringify([rows, settings])
}
