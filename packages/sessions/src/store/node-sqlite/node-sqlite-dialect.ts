import type { DatabaseSync } from 'node:sqlite'
import {
  type DialectAdapter,
  type Driver,
  type Kysely,
  SqliteAdapter,
  SqliteDialect,
  sql,
} from 'kysely'
import { adapt, NodeSqliteDriver } from './node-sqlite-driver.ts'

/**
 * Makes a Kysely dialect from a database of `node:sqlite`.
 *
 * Turns on the write-ahead log for a file, so that several processes can use it, and waits up to
 * five seconds for a file that another one writes to, without blocking the thread. Migrations run
 * under a lock of the whole file. `db.destroy()` closes the database.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { Kysely } from 'kysely'
 * import { migrateSessions, nodeSqliteDialect, sqlStore } from '@t2t/sessions/sql'
 *
 * const database = new DatabaseSync('sessions.db')
 * const db = new Kysely<object>({ dialect: nodeSqliteDialect(database) })
 * await migrateSessions(db)
 * const store = sqlStore({ db })
 * ```
 */
export function nodeSqliteDialect(database: DatabaseSync): SqliteDialect {
  return new NodeSqliteDialect(database)
}

class NodeSqliteDialect extends SqliteDialect {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    super({ database: adapt(database) })
    this.#database = database
  }

  override createDriver(): Driver {
    return new NodeSqliteDriver(this.#database)
  }

  override createAdapter(): DialectAdapter {
    return new NodeSqliteAdapter(this.#database)
  }
}

/** Locks the file while migrating; Kysely's own adapter locks nothing between processes. */
class NodeSqliteAdapter extends SqliteAdapter {
  readonly #database: DatabaseSync

  constructor(database: DatabaseSync) {
    super()
    this.#database = database
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the signature is Kysely's
  override async acquireMigrationLock(db: Kysely<any>): Promise<void> {
    await sql`begin immediate`.execute(db)
  }

  // oxlint-disable-next-line typescript/no-explicit-any -- the signature is Kysely's
  override async releaseMigrationLock(db: Kysely<any>): Promise<void> {
    if (this.#database.isTransaction) await sql`commit`.execute(db)
  }
}
