import { existsSync } from 'node:fs'
import type { Engine } from '@t2t/database'
import { engineContractData } from '@t2t/database/testing'
import { createConnection, type Connection } from 'mysql2/promise'
import { atRest } from './server-behaviour.ts'

const calm = new AbortController().signal
const large = { maxRows: 2_000, maxBytes: 1e6, timeoutMs: 60_000 }

/** The server on loopback that the tests of engines talk to. */
export const mysqlUrl = (database: string): string => `mysql://root@127.0.0.1:3306/${database}`

/** How the contract spells what differs between dialects. */
export const mysqlWords = {
  binaryExpression: "x'00ff'",
  integerType: 'SIGNED',
  counting: (rows: number) => `SELECT seq AS i FROM seq_1_to_${rows}`,
} as const

/** Creates a database with the data of the contract, and gives a connection past every engine. */
export async function watchFreshDatabase(name: string): Promise<Connection> {
  const watcher = await createConnection(mysqlUrl('mysql'))
  await watcher.query(`CREATE DATABASE ${name}`)
  await watcher.query(`USE ${name}`)
  for (const statement of engineContractData) await watcher.query(statement)
  return watcher
}

/** Everything that the texts of the contract could change, as a watcher and the engine see it. */
export async function fingerprintOf(watcher: Connection, engine: Engine): Promise<string> {
  await atRest(engine)
  const seen: unknown[] = [existsSync('/tmp/t2t-moons.txt')]
  for (const sql of [
    'SELECT table_name, table_type FROM information_schema.tables WHERE table_schema = database()',
    'SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = database()',
    'SELECT * FROM planets ORDER BY id',
    'SELECT * FROM moons ORDER BY id',
    "SHOW GLOBAL VARIABLES LIKE 'max\\_%'",
    // Other tests use the same server: what counts is who holds it in this database.
    "SELECT id FROM information_schema.processlist WHERE id = IS_USED_LOCK('mine') AND db = database()",
    'SELECT user, host FROM mysql.db WHERE db = database() ORDER BY user, host',
  ]) {
    seen.push((await watcher.query(sql))[0])
  }
  for (const sql of [
    `SELECT variable_name, variable_value FROM information_schema.session_variables
     WHERE variable_name NOT IN ('MAX_STATEMENT_TIME', 'PSEUDO_THREAD_ID', 'TIMESTAMP', 'IN_TRANSACTION', 'RAND_SEED1', 'RAND_SEED2')
     ORDER BY variable_name`,
    'SELECT @mine, LAST_INSERT_ID(), database()',
  ]) {
    seen.push((await engine.read(sql, large, calm)).rows)
  }
  await atRest(engine)
  return JSON.stringify(seen)
}
