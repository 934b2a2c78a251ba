import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { chdbFolder } from '../../../../../scripts/clickhouse.ts'
import { type Engine as Chdb, openClickhouse as openChdb } from '../../attacks/clickhouse/chdb.ts'
import { clickhouseWorld, oneWorld } from '../../attacks/clickhouse/world.ts'
import { type Hidden, moreViews } from '../world.ts'
import { type Answer, type Engine, inOrder } from './engine.ts'

/** ClickHouse in this process, with a database for each world. */
export function openClickhouse(): Promise<Engine> {
  const chdb = openChdb(chdbFolder())
  make(chdb, 'one', [])
  for (const [name, statements] of Object.entries(changes)) make(chdb, name, statements)
  for (const setting of settings) chdb.run(`SET ${setting}`)
  const before = stateOf(chdb)
  const dialect = clickhouse({ database: 'attacked' })
  return Promise.resolve({
    dialect,
    portable: dialect,
    schema: 'attacked',
    judge(texts, hidden) {
      const judgements = texts.map((sql) => ({
        one: answer(chdb, 'one', sql),
        other: answer(chdb, hidden, sql),
      }))
      return Promise.resolve({ judgements, isChanged: stateOf(chdb) !== before })
    },
    close() {
      chdb.close()
      return Promise.resolve()
    },
  })
}

const settings: readonly string[] = [
  'max_execution_time = 2',
  'max_memory_usage = 1000000000',
  "union_default_mode = 'DISTINCT'",
  "except_default_mode = 'DISTINCT'",
  "intersect_default_mode = 'DISTINCT'",
]

const moreRows: readonly string[] = [
  `INSERT INTO customers (id, name, email, country, tags, place) VALUES
    (4, 'Di', 'di@canary', 'SE', [], ('Oslo', '4')), (5, 'Ed', '', 'FR', ['d'], ('Nice', '5'))`,
  'INSERT INTO orders VALUES (4, 4, 10), (5, 5, 3), (6, 1, 12)',
  ...['customers', 'orders', 'secrets', 'plain'].map((table) => `OPTIMIZE TABLE ${table} FINAL`),
]

const emails = `['cy@canary', 'ada@canary', 'ada@canary', '', 'zed@canary'][id]`

const columns: readonly string[] = [
  update('customers', `email = ${emails}, email_upper = upper(${emails})`),
  'TRUNCATE TABLE secrets',
  `INSERT INTO secrets VALUES (3, 'zebra'), (2, 'yak')`,
]

const rows: readonly string[] = [
  'ALTER TABLE orders DELETE WHERE customer_id IN (2, 4) SETTINGS mutations_sync = 2',
  'INSERT INTO orders VALUES (1003, 2, 99), (1004, 3, 50), (1005, 2, 60)',
  'OPTIMIZE TABLE orders FINAL',
]

/** The statements that change what is hidden, and nothing else. */
const changes: Readonly<Record<Hidden, readonly string[]>> = {
  columns,
  rows,
  both: [...columns, ...rows],
  groups: [update('orders', 'total = [12, 10, 20.5, 3, 7, 10][id]')],
}

function update(table: string, set: string): string {
  return `ALTER TABLE ${table} UPDATE ${set} WHERE 1 SETTINGS mutations_sync = 2`
}

function make(chdb: Chdb, name: string, more: readonly string[]): void {
  const database = `world_${name}`
  const all = [...clickhouseWorld, ...oneWorld, ...moreRows, ...moreViews, ...more]
  for (const statement of all) chdb.run(statement.replace(/\battacked\b/, database))
}

/** The texts name their database, which has another name in each world. */
function answer(chdb: Chdb, name: string, sql: string): Answer {
  const database = `world_${name}`
  chdb.run(`USE ${database}`)
  const { rows: found, error } = chdb.tried(sql.replaceAll(/\battacked\b/g, database))
  if (found !== undefined) {
    return { kind: 'rows', text: inOrder(sql, found.trimEnd().split('\n')) }
  }
  const [, code = ''] = /Code: (\d+)/.exec(error ?? '') ?? []
  return stopping.has(code) ? { kind: 'stopped' } : { kind: 'error', text: code }
}

/** Codes of statements that took too long or too much. */
const stopping: ReadonlySet<string> = new Set(['159', '160', '241', '307', '396'])

const stateQuery = `SELECT
  (SELECT groupArray(t) FROM (SELECT toString(tuple(*)) AS t FROM world_one.customers ORDER BY t)),
  (SELECT groupArray(t) FROM (SELECT toString(tuple(*)) AS t FROM world_one.orders ORDER BY t)),
  (SELECT groupArray(t) FROM (SELECT toString(tuple(*)) AS t FROM world_one.secrets ORDER BY t)),
  (SELECT count() FROM system.tables WHERE database LIKE 'world%'),
  (SELECT count() FROM system.databases),
  (SELECT groupArray(n) FROM (SELECT name || '=' || value AS n FROM system.settings WHERE changed ORDER BY n))
  SETTINGS max_execution_time = 60`

function stateOf(chdb: Chdb): string {
  return chdb.run(stateQuery)
}
