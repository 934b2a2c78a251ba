import type { ConnectionOptions } from 'node:tls'
import type { ClientConfig } from 'pg'
import { checkAtLeast } from '../../errors/check.ts'
import { OptionInvalidError } from '../../errors/errors.ts'
import type { Now } from '../../read/deadline.ts'
import type { PooledEngine } from '../pool.ts'
import { pooledPostgres } from './pooled.ts'

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
  return pooledPostgres(configOf(options), options)
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
