import type { ConnectionOptions } from 'node:tls'
import type { ClientConfig } from 'pg'
import { checkAtLeast } from '../../errors/check.ts'
import { DatabaseClosedError, OptionInvalidError } from '../../errors/errors.ts'
import { monotonicNow, startDeadline, type Deadline, type Now } from '../../read/deadline.ts'
import { createRowCollector } from '../../read/row-collector.ts'
import { lend, untilOver } from '../lend.ts'
import { createPool, type PooledEngine } from '../pool.ts'
import { quotedName } from './ask.ts'
import { toCell } from './cells.ts'
import { openConnection, type PostgresConnection } from './connection.ts'
import { introspectPostgres } from './introspect.ts'
import { startSession, type Pins, type PostgresSession } from './session.ts'
import { translated } from './translated.ts'
import { createTypeNames } from './type-names.ts'

/** Options for {@link postgres}. */
export interface PostgresOptions {
  /** Such as `postgres://reader@db.example:5432/shop`. It appears in no message. */
  readonly url: string
  /** Instead of a password in the URL; asked for whenever a connection is opened. */
  readonly password?: string | (() => string | Promise<string>) | undefined
  /**
   * Encryption: `true`, or options of `tls.connect`.
   * @defaultValue what the URL says
   */
  readonly tls?: boolean | ConnectionOptions | undefined
  /**
   * Connections at the most; an integer from 1 up.
   * @defaultValue 10
   */
  readonly maxConnections?: number | undefined
  /**
   * How long an unused connection stays open, in milliseconds.
   * @defaultValue 30,000
   */
  readonly idleMs?: number | undefined
  /**
   * How long a connection may take to open, in milliseconds.
   * @defaultValue 10,000
   */
  readonly connectTimeoutMs?: number | undefined
  /**
   * How long a statement may wait for a lock, in milliseconds.
   * @defaultValue 2,000
   */
  readonly lockTimeoutMs?: number | undefined
  /**
   * Schemas in which names without a schema are looked up.
   * @defaultValue `['public']`
   */
  readonly searchPath?: readonly string[] | undefined
  /**
   * What the server shows as the name of the program.
   * @defaultValue `'t2t'`
   */
  readonly applicationName?: string | undefined
  /**
   * A clock that only goes forward, in milliseconds.
   * @defaultValue `performance.now`
   */
  readonly now?: Now | undefined
}

/** Rows that are asked for at once; the server sends no more before it is asked again. */
const rowsPerPortion = 2_000

/** The time of questions of ours, in milliseconds. */
const ownTimeoutMs = 60_000

/** How much later than the client the server gives up, in milliseconds. */
const serverGraceMs = 1_000

/**
 * Reads a PostgreSQL server through `pg`.
 *
 * Each reading is one read-only transaction in the extended protocol, with settings that are pinned
 * and read back; afterwards it is rolled back and everything is discarded. Rows are fetched in
 * portions. Abort and timeout cancel the statement on the server, and that connection is never used
 * again. Two round trips are needed until the first row; the cleaning up costs the caller none.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { postgres } from '@t2t/database/postgres'
 *
 * const engine = postgres({ url: 'postgres://reader@localhost/shop', maxConnections: 5 })
 * ```
 */
export function postgres(options: PostgresOptions): PooledEngine {
  const { maxConnections = 10, idleMs = 30_000, searchPath = ['public'] } = options
  const { lockTimeoutMs = 2_000, now = monotonicNow } = options
  const config = configOf(options)
  checkAtLeast('maxConnections', maxConnections, 1)
  checkAtLeast('idleMs', idleMs, 0)
  checkAtLeast('lockTimeoutMs', lockTimeoutMs, 1)
  if (searchPath.length === 0) throw new OptionInvalidError('searchPath must name a schema.')

  const typeNames = createTypeNames()
  const closing = new AbortController()
  const pool = createPool<PostgresConnection>({
    maxConnections,
    idleMs,
    open: () => openConnection(config),
    isUsable: (connection) => connection.isUsable,
    close: (connection) => connection.close(),
  })

  const inSession = async <Value>(
    timeoutMs: number,
    signal: AbortSignal,
    body: (session: PostgresSession, deadline: Deadline) => Promise<Value>,
  ): Promise<Value> => {
    if (closing.signal.aborted) throw new DatabaseClosedError()
    const over = AbortSignal.any([signal, closing.signal])
    const deadline = startDeadline(timeoutMs, over, now)
    const pins = pinsOf(searchPath, timeoutMs, lockTimeoutMs)
    return untilOver(deadline, timeoutMs, over, translated, async (ending) => {
      const connection = await pool.acquire(ending)
      const session = startSession(connection.client, pins)
      return lend(pool, connection, ending, {
        body: () => body(session, deadline),
        clean: () => session.end(),
      })
    })
  }

  return {
    dialect: 'postgres',
    read: (sql, caps, signal) =>
      inSession(caps.timeoutMs, signal, async (session, deadline) => {
        const described = await session.open(sql)
        deadline.check()
        const collector = createRowCollector(caps)
        const typeIds = described.map(({ typeId }) => typeId)
        let isFull = false
        const take = (row: readonly (string | null)[]): void => {
          isFull ||= !collector.add(row.map((text, place) => toCell(text, typeIds[place] ?? 0)))
        }
        for (let hasMore = true; hasMore && !isFull;) {
          // One row more than the cap tells whether there were more.
          const wanted = caps.maxRows + 1 - collector.rows.length
          hasMore = await session.fetch(Math.min(wanted, rowsPerPortion), take)
          deadline.check()
        }
        const spellings = await typeNames.of(session.ask, described)
        const columns = described.map(({ name }, place) => ({ name, type: spellings[place] ?? '' }))
        const durationMs = deadline.elapsedMs()
        return { columns, rows: collector.rows, truncated: collector.truncated, durationMs }
      }),
    introspect: (signal) =>
      inSession(ownTimeoutMs, signal, ({ ask }) => introspectPostgres(ask, searchPath)),
    async ping(signal) {
      await inSession(ownTimeoutMs, signal, ({ ask }) => ask('SELECT 1'))
    },
    pool: () => pool.figures(),
    async close() {
      closing.abort(new DatabaseClosedError())
      await pool.close()
    },
  }
}

function pinsOf(searchPath: readonly string[], timeoutMs: number, lockTimeoutMs: number): Pins {
  return new Map([
    ['search_path', searchPath.map(quotedName).join(', ')],
    ['standard_conforming_strings', 'on'],
    ['transform_null_equals', 'off'],
    ['client_encoding', 'UTF8'],
    ['TimeZone', 'UTC'],
    ['DateStyle', 'ISO, YMD'],
    ['IntervalStyle', 'iso_8601'],
    ['bytea_output', 'hex'],
    ['extra_float_digits', '1'],
    ['lock_timeout', String(lockTimeoutMs)],
    ['statement_timeout', String(timeoutMs + serverGraceMs)],
    ['idle_in_transaction_session_timeout', String(timeoutMs + serverGraceMs)],
  ])
}

function configOf(options: PostgresOptions): ClientConfig {
  const { url, password, tls, connectTimeoutMs = 10_000, applicationName = 't2t' } = options
  checkAtLeast('connectTimeoutMs', connectTimeoutMs, 1)
  if (!/^postgres(?:ql)?:\/\//.test(url)) {
    throw new OptionInvalidError('url must begin with postgres://.')
  }
  return {
    connectionString: url,
    connectionTimeoutMillis: connectTimeoutMs,
    application_name: applicationName,
    keepAlive: true,
    ...(password === undefined ? {} : { password }),
    ...(tls === undefined ? {} : { ssl: tls }),
  }
}
