import {
  CompiledQuery,
  MysqlAdapter,
  PGliteAdapter,
  PostgresAdapter,
  SqliteAdapter,
  type QueryExecutor,
} from 'kysely'
import { EngineUnsupportedError, OptionInvalidError } from '../../errors/errors.ts'
import type { Engine } from '../engine.ts'
import type { MysqlSessionOptions } from '../mysql/pooled.ts'
import type { PgliteClient } from '../pglite/client.ts'
import type { PostgresSessionOptions } from '../postgres/pooled.ts'
import type { SqliteOptions } from '../sqlite/sqlite.ts'
import { mysqlTargetOf, postgresConfigOf } from './targets.ts'

/** What the engine needs of a Kysely instance; every `Kysely` has it. */
export interface KyselyInstance {
  getExecutor(): Pick<QueryExecutor, 'adapter'>
  executeQuery(query: CompiledQuery): Promise<{ readonly rows: readonly unknown[] }>
}

/** Options for {@link kysely}: the instance, and what its dialect was made of. */
export interface KyselyOptions extends PostgresSessionOptions, MysqlSessionOptions {
  /** It is asked which database it reads, and stays yours. */
  readonly instance: KyselyInstance
  /** The `pool` of its `PostgresDialect` or `MysqlDialect`: of it comes how the server is reached. */
  readonly pool?: object | undefined
  /** The `pglite` of its `PGliteDialect`. DISCARD ALL runs on it after each reading. */
  readonly pglite?: PgliteClient | undefined
  /**
   * Where statements of a SQLite file run.
   * @defaultValue `'this-process'`
   */
  readonly runsIn?: SqliteOptions['runsIn']
}

/**
 * Reads the database of a Kysely instance that a program has already.
 *
 * The session cannot be kept through the driver of Kysely, which sends texts without parameters as
 * scripts, has no portal or authorizer, and gives connections back as they are. So connections are
 * opened beside it, to the place where it reads: with the options of its pool, or from the file of
 * its SQLite database. PGlite has one connection, which is shared. Closing the engine leaves the
 * instance and its pool open.
 *
 * @throws {@link OptionInvalidError} when `pool` or `pglite` is missing or leads elsewhere, or a
 *   SQLite database has no file.
 * @throws {@link EngineUnsupportedError} for another dialect.
 *
 * @example
 * ```ts
 * import { kysely } from '@t2t/database/kysely'
 * import { Kysely, PostgresDialect } from 'kysely'
 * import pg from 'pg'
 *
 * const pool = new pg.Pool({ connectionString: 'postgres://reader@localhost/shop' })
 * const instance = new Kysely({ dialect: new PostgresDialect({ pool }) })
 * const engine = await kysely({ instance, pool })
 * ```
 */
export async function kysely(options: KyselyOptions): Promise<Engine> {
  const { instance } = options
  const { adapter } = instance.getExecutor()
  // Each driver is loaded where it is needed: a program with one has no use for the others.
  if (adapter instanceof PGliteAdapter) return sharedPglite(options)
  if (adapter instanceof PostgresAdapter) {
    const { pooledPostgres } = await import('../postgres/pooled.ts')
    const engine = pooledPostgres(postgresConfigOf(options.pool), options)
    return leadingTo(instance, engine, postgresPlace)
  }
  if (adapter instanceof MysqlAdapter) {
    const { pooledMysql } = await import('../mysql/pooled.ts')
    const engine = pooledMysql(mysqlTargetOf(options.pool), options)
    return leadingTo(instance, engine, mysqlPlace)
  }
  if (adapter instanceof SqliteAdapter) {
    const { sqlite } = await import('../sqlite/sqlite.ts')
    const { runsIn, now } = options
    return sqlite({ path: await fileOf(instance), runsIn, now })
  }
  throw new EngineUnsupportedError('The dialect of the Kysely instance is none of ours.')
}

/** Texts that tell one database from another. */
const postgresPlace = "SELECT current_database() || ' ' || pg_postmaster_start_time()"
const mysqlPlace = "SELECT concat(database(), ' ', @@hostname, ' ', @@port, ' ', @@datadir)"

/** @throws {@link OptionInvalidError} when the engine reads another database than the instance. */
async function leadingTo(instance: KyselyInstance, engine: Engine, place: string): Promise<Engine> {
  try {
    const caps = { maxRows: 1, maxBytes: 10_000, timeoutMs: 60_000 }
    const { rows } = await engine.read(place, caps, new AbortController().signal)
    const [theirs] = Object.values(await firstRow(instance, place))
    if (theirs === rows[0]?.[0]) return engine
  } catch (error) {
    await engine.close()
    throw error
  }
  await engine.close()
  throw new OptionInvalidError('pool leads to another database than the Kysely instance.')
}

async function sharedPglite(options: KyselyOptions): Promise<Engine> {
  const { pglite: client, searchPath, now } = options
  if (client === undefined) {
    throw new OptionInvalidError('pglite must be given for an instance with a PGliteDialect.')
  }
  const lent: PgliteClient = {
    transaction: (body) => client.transaction(body),
    execProtocol: (message, settings) => client.execProtocol(message, settings),
    runExclusive: (body) => client.runExclusive(body),
    exec: (sql) => client.exec(sql),
    close: async () => {},
  }
  const { pglite } = await import('../pglite/pglite.ts')
  return pglite({ client: lent, searchPath, now })
}

async function fileOf(instance: KyselyInstance): Promise<string> {
  const { file } = await firstRow(instance, 'PRAGMA database_list')
  if (typeof file === 'string' && file !== '') return file
  throw new OptionInvalidError('The SQLite database of the Kysely instance has no file.')
}

async function firstRow(
  instance: KyselyInstance,
  text: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { rows } = await instance.executeQuery(CompiledQuery.raw(text))
  const [row] = rows
  return typeof row === 'object' && row !== null ? { ...row } : {}
}
