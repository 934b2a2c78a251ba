// What one reading through the session costs beside the bare drivers, on servers on loopback.
import { DatabaseSync } from 'node:sqlite'
import type { Engine } from '@t2t/database'
import { mysql } from '@t2t/database/mysql'
import { postgres } from '@t2t/database/postgres'
import { sqlite } from '@t2t/database/sqlite'
import { Kysely, PostgresDialect, sql } from 'kysely'
import { createConnection } from 'mysql2/promise'
import pg from 'pg'
import type { BenchRow } from '../report/bench.ts'
import { nanosecondsPerCall } from '../report/measure.ts'

const caps = { maxRows: 1_000, maxBytes: 4_194_304, timeoutMs: 15_000 }
const calm = new AbortController().signal
const text = 'SELECT 1 AS a, 2 AS b'

async function microseconds(call: () => Promise<unknown>, calls: number): Promise<number> {
  return (await nanosecondsPerCall(call, { calls, rounds: 3 })) / 1_000
}

async function reading(engine: Engine, calls: number): Promise<number> {
  return microseconds(() => engine.read(text, caps, calm), calls)
}

/** In this process, where nothing but the contract can cost anything. */
export async function sqliteCost(): Promise<BenchRow> {
  const bare = new DatabaseSync(':memory:')
  const engine = sqlite({ database: new DatabaseSync(':memory:') })
  const plain = await microseconds(async () => bare.prepare(text).all(), 5_000)
  const ours = await reading(engine, 5_000)
  await engine.close()
  bare.close()
  return {
    id: 'sqlite',
    what: 'reading one row, SQLite in this process',
    value: ours - plain,
    unit: 'µs more',
    peers: { 'bare driver, µs': plain, 't2t, µs': ours },
    goal: 'at most 30 µs on SQLite',
    met: ours - plain <= 30,
  }
}

/** A caller waits for two round trips: preparing, and reading. */
export async function postgresCost(): Promise<BenchRow> {
  const url = 'postgres://postgres@127.0.0.1:5432/postgres'
  const client = new pg.Client(url)
  await client.connect()
  const pool = new pg.Pool({ connectionString: url, max: 1 })
  const kysely = new Kysely({ dialect: new PostgresDialect({ pool }) })
  const engine = postgres({ url })
  const trip = await microseconds(() => client.query(text), 1_000)
  const extended = await microseconds(() => client.query(text.concat(' WHERE $1'), [true]), 1_000)
  const builder = await microseconds(() => sql`SELECT 1 AS a, 2 AS b`.execute(kysely), 1_000)
  const ours = await reading(engine, 1_000)
  await Promise.all([engine.close(), client.end(), kysely.destroy()])
  return {
    id: 'postgres',
    what: 'reading one row, PostgreSQL on loopback',
    value: ours - trip,
    unit: 'µs more',
    peers: {
      'bare driver, µs': trip,
      'bare driver with a parameter, µs': extended,
      'Kysely, µs': builder,
      't2t, µs': ours,
    },
    goal: '',
    met: null,
  }
}

export async function mysqlCost(): Promise<BenchRow> {
  const client = await createConnection('mysql://root@127.0.0.1:3306/mysql')
  const engine = mysql({ url: 'mysql://root@127.0.0.1:3306/mysql' })
  const trip = await microseconds(() => client.query(text), 1_000)
  const ours = await reading(engine, 1_000)
  await Promise.all([engine.close(), client.end()])
  return {
    id: 'mysql',
    what: 'reading one row, MariaDB on loopback',
    value: ours - trip,
    unit: 'µs more',
    peers: { 'bare driver, µs': trip, 't2t, µs': ours },
    goal: '',
    met: null,
  }
}
