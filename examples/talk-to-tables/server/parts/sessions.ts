import { chmodSync } from 'node:fs'
import { DatabaseSync } from 'node:sqlite'
import { keepFor, type SessionStore } from '@t2t/sessions'
import { jsonlStore } from '@t2t/sessions/jsonl'
import { migrateSessions, nodeSqliteDialect, sqlStore } from '@t2t/sessions/sql'
import { Kysely, MysqlDialect, PostgresDialect, type Dialect } from 'kysely'
import { createPool } from 'mysql2'
import { Pool } from 'pg'
import type { ServerConfig } from '../config/schema.ts'

type SessionsConfig = ServerConfig['sessions']

const dayMs = 86_400_000

/** A store of conversations that forgets what is older than it may be. */
export type OpenedSessions = SessionStore & AsyncDisposable

/** Opens the store that a configuration names, and brings its tables up to date. */
export async function openSessions(config: SessionsConfig): Promise<OpenedSessions> {
  await using opening = new AsyncDisposableStack()
  const store = await openStore(config, opening)
  opening.defer(() => store.close())
  // Memory is not for keeping.
  const keepDays = config.keep_days ?? (config.store === 'memory' ? 1 : undefined)
  if (keepDays !== undefined) opening.use(keepFor(store, { maxIdleMs: keepDays * dayMs }))
  const owned = opening.move()
  return { ...store, [Symbol.asyncDispose]: () => owned.disposeAsync() }
}

async function openStore(
  config: SessionsConfig,
  opening: AsyncDisposableStack,
): Promise<SessionStore> {
  if (config.store === 'jsonl') return jsonlStore({ folder: config.path })
  const db = new Kysely<unknown>({ dialect: dialectOf(config) })
  opening.defer(() => db.destroy())
  await migrateSessions(db)
  return sqlStore({ db })
}

function dialectOf(config: Exclude<SessionsConfig, { store: 'jsonl' }>): Dialect {
  switch (config.store) {
    case 'memory':
      return nodeSqliteDialect(new DatabaseSync(':memory:'))
    case 'sqlite': {
      const database = new DatabaseSync(config.path)
      // What people said is theirs: other users of the machine must not read it.
      chmodSync(config.path, 0o600)
      return nodeSqliteDialect(database)
    }
    case 'postgres': {
      const { url: connectionString, password } = config
      const pool = new Pool({ connectionString, ...(password !== undefined && { password }) })
      // A connection that breaks while it is idle is replaced; the next query tells if it cannot be.
      pool.on('error', () => undefined)
      return new PostgresDialect({ pool })
    }
    case 'mysql': {
      const { url: uri, password } = config
      return new MysqlDialect({
        pool: createPool({ uri, ...(password !== undefined && { password }), timezone: 'Z' }),
      })
    }
  }
}
