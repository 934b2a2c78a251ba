import type { SslOptions } from 'mysql2'
import { checkAtLeast } from '../../errors/check.ts'
import { OptionInvalidError } from '../../errors/errors.ts'
import type { Now } from '../../read/deadline.ts'
import type { PooledEngine } from '../pool.ts'
import { pooledMysql, type MysqlTarget } from './pooled.ts'

/** Options for {@link mysql}. */
export interface MysqlOptions {
  /** Such as `mysql://reader@db.example:3306/shop`; it names a database. It appears in no message. */
  readonly url: string
  /** Instead of a password in the URL. */
  readonly password?: string | undefined
  /**
   * Encryption: `true` checks the certificate and that it is that of the host, or options of
   * `tls.connect`. An address instead of a name is no host that a certificate could be for: say
   * `verifyIdentity: false` there.
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
  return pooledMysql(targetOf(options), options)
}

function targetOf(options: MysqlOptions): MysqlTarget {
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
    ...(tls === false ? {} : { ssl: { verifyIdentity: true, ...(tls === true ? {} : tls) } }),
  }
}
