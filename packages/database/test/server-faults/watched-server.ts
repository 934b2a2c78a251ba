import { mysql } from '@t2t/database/mysql'
import { postgres, type PooledEngine } from '@t2t/database/postgres'
import { createConnection, type RowDataPacket } from 'mysql2/promise'
import pg from 'pg'
import { canOwnMariadb, startOwnMariadb } from './own-mariadb.ts'
import { canOwnPostgres, startOwnPostgres } from './own-postgres.ts'
import type { OwnServer } from './own-process.ts'

/** What tests and benchmarks need to know of a kind of server that they may kill. */
export interface FaultSubject {
  readonly name: string
  readonly isThere: boolean
  start(maxConnections: number): Promise<OwnServer>
  open(url: string, maxConnections: number): PooledEngine
  /** Computes for hours. */
  readonly eternity: string
  /** Waits for that many seconds while a watcher is there. */
  waiting(seconds: number): string
  /** Gives so many rows of a number and a hundred characters. */
  manyRows(count: number): string
  watch(url: string): Promise<Watcher>
}

/** A connection past the engine that looks at those of the engine. */
export interface Watcher {
  /** Connections of the engine, or only those on which a statement runs. */
  connections(which: 'all' | 'running'): Promise<number>
  close(): Promise<void>
}

/** Two hundred connections at once take a busy machine its time. */
const connectTimeoutMs = 60_000

const postgresSubject: FaultSubject = {
  name: 'postgres',
  isThere: canOwnPostgres(),
  start: (maxConnections) => startOwnPostgres(maxConnections),
  open: (url, maxConnections) => postgres({ url, maxConnections, connectTimeoutMs }),
  eternity: 'SELECT count(*) FROM generate_series(1, 100000000000)',
  waiting: (seconds) => `SELECT pg_sleep(${seconds})`,
  manyRows: (count) => `SELECT generate_series(1, ${count}) AS i, repeat('x', 100) AS filler`,
  async watch(url) {
    const client = new pg.Client(url)
    // The tests end servers in the middle of it.
    client.on('error', () => {})
    await client.connect()
    return {
      async connections(which) {
        const { rows } = await client.query<{ n: number }>(
          `SELECT count(*)::int AS n FROM pg_stat_activity WHERE application_name = 't2t'
             AND (state = 'active' OR $1)`,
          [which === 'all'],
        )
        return rows[0]?.n ?? -1
      },
      close: () => client.end(),
    }
  },
}

const mariadbSubject: FaultSubject = {
  name: 'mysql',
  isThere: canOwnMariadb(),
  start: (maxConnections) => startOwnMariadb(maxConnections),
  open: (url, maxConnections) => mysql({ url, maxConnections, connectTimeoutMs }),
  eternity: 'SELECT count(*) FROM seq_1_to_1000000000 a, seq_1_to_1000000000 b',
  // Not sleep(): KILL waits up to two seconds for one of many that sleep, as they share a mutex.
  waiting: (seconds) => `SELECT get_lock('held', ${seconds})`,
  manyRows: (count) => `SELECT seq AS i, repeat('x', 100) AS filler FROM seq_1_to_${count}`,
  async watch(url) {
    const client = await createConnection({ uri: url, rowsAsArray: true })
    client.on('error', () => {})
    await client.query("SELECT get_lock('held', 0)")
    return {
      async connections(which) {
        // Whoever cancels waits under a name of its own: it has no transaction.
        const [rows] = await client.query<RowDataPacket[]>(
          `SELECT CAST(count(*) AS CHAR) FROM information_schema.processlist
           WHERE id <> connection_id() AND user = 'root'
             AND (info LIKE 'SELECT %' AND command = 'Execute' OR ?)`,
          [which === 'all'],
        )
        return Number(rows[0]?.[0])
      },
      close: async () => client.destroy(),
    }
  },
}

/** Both kinds of servers. */
export const faultSubjects: readonly FaultSubject[] = [postgresSubject, mariadbSubject]
