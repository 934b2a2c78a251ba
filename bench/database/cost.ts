// What one reading through the session costs beside the bare drivers, on servers on loopback.
import { DatabaseSync } from 'node:sqlite'
import type { Engine } from '@t2t/database'
import { mysql } from '@t2t/database/mysql'
import { postgres } from '@t2t/database/postgres'
import { sqlite } from '@t2t/database/sqlite'
import { Kysely, MysqlDialect, PostgresDialect, sql, SqliteDialect } from 'kysely'
import { createPool } from 'mysql2'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { BenchRow } from '../report/bench.ts'
import { nanosecondsPerCall } from '../report/measure.ts'

const caps = { maxRows: 1_000, maxBytes: 4_194_304, timeoutMs: 15_000 }
const calm = new AbortController().signal
const text = 'SELECT 1 AS a, 2 AS b'
const postgresUrl = 'postgres://postgres@127.0.0.1:5432/postgres'
const mysqlUrl = 'mysql://root@127.0.0.1:3306/mysql'

async function microseconds(call: () => Promise<unknown>, calls: number): Promise<number> {
  return (await nanosecondsPerCall(call, { calls, rounds: 5 })) / 1_000
}

async function reading(engine: Engine, calls: number): Promise<number> {
  const took = await microseconds(() => engine.read(text, caps, calm), calls)
  await engine.close()
  return took
}

async function throughKysely(kysely: Kysely<unknown>, calls: number): Promise<number> {
  const query = sql.raw(text)
  const took = await microseconds(() => query.execute(kysely), calls)
  await kysely.destroy()
  return took
}

/** What Kysely wants of a SQLite driver, made of the one that Node has. */
function kyselySqlite(): Kysely<unknown> {
  const connection = new DatabaseSync(':memory:')
  const database = {
    close: () => connection.close(),
    prepare(query: string) {
      const statement = connection.prepare(query)
      return {
        reader: true,
        all: () => statement.all(),
        run: () => statement.run(),
        iterate: () => statement.iterate(),
      }
    },
  }
  return new Kysely({ dialect: new SqliteDialect({ database }) })
}

/** In this process, where nothing but the contract can cost anything. */
export async function sqliteCost(): Promise<BenchRow> {
  const bare = new DatabaseSync(':memory:')
  const plain = await microseconds(async () => bare.prepare(text).all(), 5_000)
  const builder = await throughKysely(kyselySqlite(), 5_000)
  const ours = await reading(sqlite({ database: new DatabaseSync(':memory:') }), 5_000)
  bare.close()
  return {
    id: 'sqlite',
    what: 'reading one row, SQLite in this process',
    value: ours - plain,
    unit: 'µs more',
    peers: { 'node:sqlite, µs': plain, 'Kysely, µs': builder, 't2t, µs': ours },
    goal: 'at most 30 µs on SQLite',
    met: ours - plain <= 30,
  }
}

/** A caller waits for two round trips: preparing, and reading. */
export async function postgresCost(): Promise<BenchRow> {
  const client = new pg.Client(postgresUrl)
  await client.connect()
  const pool = new pg.Pool({ connectionString: postgresUrl, max: 1 })
  const trip = await microseconds(() => client.query(text), 1_000)
  const extended = await microseconds(() => client.query(text.concat(' WHERE $1'), [true]), 1_000)
  await client.end()
  const builder = await throughKysely(new Kysely({ dialect: new PostgresDialect({ pool }) }), 1_000)
  const ours = await reading(postgres({ url: postgresUrl }), 1_000)
  return {
    id: 'postgres',
    what: 'reading one row, PostgreSQL on loopback',
    value: ours - trip,
    unit: 'µs more',
    peers: {
      'pg, µs': trip,
      'pg with a parameter, µs': extended,
      'Kysely, µs': builder,
      't2t, µs': ours,
    },
    goal: '',
    met: null,
  }
}

/** Preparing costs one round trip more than sending a text. */
export async function mysqlCost(): Promise<BenchRow> {
  const client = await createConnection(mysqlUrl)
  const trip = await microseconds(() => client.query(text), 1_000)
  await client.end()
  const pool = createPool({ uri: mysqlUrl, connectionLimit: 1 })
  const builder = await throughKysely(new Kysely({ dialect: new MysqlDialect({ pool }) }), 1_000)
  const ours = await reading(mysql({ url: mysqlUrl }), 1_000)
  return {
    id: 'mysql',
    what: 'reading one row, MariaDB on loopback',
    value: ours - trip,
    unit: 'µs more',
    peers: { 'mysql2, µs': trip, 'Kysely, µs': builder, 't2t, µs': ours },
    goal: '',
    met: null,
  }
}
