import type { ConnectionOptions, SslOptions } from 'mysql2'
import { checkAtLeast } from '../../errors/check.ts'
import { DatabaseClosedError, OptionInvalidError } from '../../errors/errors.ts'
import { monotonicNow, startDeadline, type Deadline, type Now } from '../../read/deadline.ts'
import { createRowCollector } from '../../read/row-collector.ts'
import { lend, untilOver } from '../lend.ts'
import { createPool, type PooledEngine } from '../pool.ts'
import { toCell, typeName } from './cells.ts'
import { openConnection, type MysqlConnection } from './connection.ts'
import { introspectMysql } from './introspect.ts'
import { createKiller } from './killer.ts'
import type { MysqlColumn } from './prepared.ts'
import { translated } from './translated.ts'

/** Options for {@link mysql}. */
export interface MysqlOptions {
  /** Such as `mysql://reader@db.example:3306/shop`; it names a database. It appears in no message. */
  readonly url: string
  /** Instead of a password in the URL. */
  readonly password?: string | undefined
  /**
   * Encryption: `true` checks the certificate, or options of `tls.connect`.
   * @defaultValue no encryption
   */
  readonly tls?: boolean | SslOptions | undefined
  /**
   * Connections at the most; an integer from 1 up. One more is opened when something is cancelled.
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
   * How long a statement may wait for a lock, in milliseconds; the server counts in seconds.
   * @defaultValue 2,000
   */
  readonly lockTimeoutMs?: number | undefined
  /**
   * A clock that only goes forward, in milliseconds.
   * @defaultValue `performance.now`
   */
  readonly now?: Now | undefined
}

/** The time of questions of ours, in milliseconds. */
const ownTimeoutMs = 60_000

const rowsBetweenLooks = 500

/**
 * Reads a MySQL or MariaDB server through `mysql2`.
 *
 * Each reading is one prepared statement in a read-only transaction, with settings that are pinned
 * and read back; afterwards the connection is reset. Rows are read as they come. Abort and timeout
 * kill the statement on the server, and that connection is never used again. Preparing costs one
 * round trip more than sending a text; the rest is done before and after, and costs callers none.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { mysql } from '@t2t/database/mysql'
 *
 * const engine = mysql({ url: 'mysql://reader@localhost/shop', maxConnections: 5 })
 * ```
 */
export function mysql(options: MysqlOptions): PooledEngine {
  const { maxConnections = 10, idleMs = 30_000, lockTimeoutMs = 2_000 } = options
  const { now = monotonicNow } = options
  const config = configOf(options)
  checkAtLeast('maxConnections', maxConnections, 1)
  checkAtLeast('idleMs', idleMs, 0)
  checkAtLeast('lockTimeoutMs', lockTimeoutMs, 1)

  const closing = new AbortController()
  const killer = createKiller(config)
  const pool = createPool<MysqlConnection>({
    maxConnections,
    idleMs,
    open: () => openConnection(config, killer, lockTimeoutMs),
    isUsable: (connection) => connection.isUsable,
    close: (connection) => connection.close(),
  })

  /** Lends a connection until the time is over, the caller goes or we close. */
  const inSession = async <Value>(
    timeoutMs: number,
    signal: AbortSignal,
    body: (connection: MysqlConnection, deadline: Deadline) => Promise<Value>,
  ): Promise<Value> => {
    if (closing.signal.aborted) throw new DatabaseClosedError()
    const over = AbortSignal.any([signal, closing.signal])
    const deadline = startDeadline(timeoutMs, over, now)
    return untilOver(deadline, timeoutMs, over, translated, async (ending) => {
      const connection = await pool.acquire(ending)
      return lend(pool, connection, ending, {
        body: () => body(connection, deadline),
        clean: () => connection.clean(),
      })
    })
  }

  return {
    dialect: 'mysql',
    read: (sql, caps, signal) =>
      inSession(caps.timeoutMs, signal, async (connection, deadline) => {
        const collector = createRowCollector(caps)
        let described: readonly MysqlColumn[] = []
        let late: unknown
        await connection.read(sql, caps.timeoutMs, {
          columns: (columns) => (described = columns),
          take(row) {
            if (collector.rows.length % rowsBetweenLooks === 0) late = lateness(deadline)
            const cells = row.map((value, place) =>
              toCell(value, described[place]?.columnType ?? 0),
            )
            return late === undefined && collector.add(cells)
          },
        })
        if (late !== undefined) throw late
        const columns = described.map(({ name, columnType }) => ({
          name,
          type: typeName(columnType),
        }))
        const durationMs = deadline.elapsedMs()
        return { columns, rows: collector.rows, truncated: collector.truncated, durationMs }
      }),
    introspect: (signal) =>
      inSession(ownTimeoutMs, signal, ({ ask }) => introspectMysql(ask, config.database ?? '')),
    async ping(signal) {
      await inSession(ownTimeoutMs, signal, ({ ask }) => ask('SELECT 1'))
    },
    pool: () => pool.figures(),
    async close() {
      closing.abort(new DatabaseClosedError())
      await pool.close()
      await killer.close()
    },
  }
}

/** Why a reading must end now, if it must. */
function lateness(deadline: Deadline): unknown {
  try {
    deadline.check()
    return undefined
  } catch (reason) {
    return reason
  }
}

function configOf(options: MysqlOptions): ConnectionOptions {
  const { password, tls = false, connectTimeoutMs = 10_000 } = options
  checkAtLeast('connectTimeoutMs', connectTimeoutMs, 1)
  const url = URL.canParse(options.url) ? new URL(options.url) : undefined
  const database = decodeURIComponent(url?.pathname.slice(1) ?? '')
  if (url === undefined || !/^(?:mysql|mariadb):$/.test(url.protocol) || database === '') {
    throw new OptionInvalidError('url must be mysql://role@host:port/database.')
  }
  return {
    host: url.hostname,
    port: url.port === '' ? 3_306 : Number(url.port),
    user: decodeURIComponent(url.username),
    password: password ?? decodeURIComponent(url.password),
    database,
    connectTimeout: connectTimeoutMs,
    charset: 'utf8mb4',
    // One statement a text, no files of ours, and no code made from the names of columns.
    multipleStatements: false,
    flags: ['-LOCAL_FILES'],
    disableEval: true,
    rowsAsArray: true,
    supportBigNumbers: true,
    bigNumberStrings: true,
    dateStrings: true,
    jsonStrings: true,
    ...(tls === false ? {} : { ssl: tls === true ? {} : tls }),
  }
}
