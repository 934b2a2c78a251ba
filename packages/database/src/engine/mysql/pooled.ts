import type { ConnectionOptions } from 'mysql2'
import { checkAtLeast } from '../../errors/check.ts'
import { lateness, monotonicNow } from '../../read/deadline.ts'
import { createRowCollector } from '../../read/row-collector.ts'
import { createSessions } from '../lend.ts'
import { createPool, type PooledEngine } from '../pool.ts'
import { toCell, typeName } from './cells.ts'
import { openConnection, type MysqlConnection } from './connection.ts'
import { introspectMysql } from './introspect.ts'
import { createKiller } from './killer.ts'
import type { MysqlOptions } from './mysql.ts'
import type { MysqlColumn } from './prepared.ts'
import { translated } from './translated.ts'

/** The time of questions of ours, in milliseconds. */
const ownTimeoutMs = 60_000

const rowsBetweenLooks = 500

/** How sessions and their pool are, wherever the server is. */
export type MysqlSessionOptions = Pick<
  MysqlOptions,
  'maxConnections' | 'idleMs' | 'lockTimeoutMs' | 'now'
>

/** Where a server is, and how it is reached. */
export type MysqlTarget = Pick<
  ConnectionOptions,
  | 'host'
  | 'port'
  | 'socketPath'
  | 'user'
  | 'password'
  | 'database'
  | 'connectTimeout'
  | 'ssl'
  | 'stream'
  | 'authPlugins'
>

/** An engine on connections of its own. @throws {@link OptionInvalidError} when an option cannot work. */
export function pooledMysql(target: MysqlTarget, options: MysqlSessionOptions): PooledEngine {
  const { maxConnections = 10, idleMs = 30_000, lockTimeoutMs = 2_000 } = options
  const { now = monotonicNow } = options
  checkAtLeast('maxConnections', maxConnections, 1)
  checkAtLeast('idleMs', idleMs, 0)
  checkAtLeast('lockTimeoutMs', lockTimeoutMs, 1)
  const config: ConnectionOptions = { ...target, ...fixed }

  const killer = createKiller(config)
  const pool = createPool<MysqlConnection>({
    maxConnections,
    idleMs,
    open: () => openConnection(config, killer, lockTimeoutMs),
    isUsable: (connection) => connection.isUsable,
    close: (connection) => connection.close(),
  })

  const sessions = createSessions({ pool, now, translated, start: (connection) => connection })

  return {
    dialect: 'mysql',
    read: (sql, caps, signal) =>
      sessions.use(caps.timeoutMs, signal, async (connection, deadline) => {
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
        return { columns, ...collector.collected(), durationMs }
      }),
    introspect: (signal) =>
      sessions.use(ownTimeoutMs, signal, ({ ask }) => introspectMysql(ask, config.database ?? '')),
    async ping(signal) {
      await sessions.use(ownTimeoutMs, signal, ({ ask }) => ask('SELECT 1'))
    },
    pool: () => pool.figures(),
    onPoolChange: (listener) => pool.onChange(listener),
    async close() {
      await sessions.close()
      await killer.close()
    },
  }
}

const fixed: ConnectionOptions = {
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
}
