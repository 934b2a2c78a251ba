import type { DatabaseSync, SQLInputValue } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'
import {
  CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
  type SqliteDatabase,
  SqliteDriver,
} from 'kysely'
import { InputInvalidError } from '../../errors/errors.ts'

/** How long a statement waits for a file that another connection writes to. */
const patienceMs = 5_000
const longestPauseMs = 25
const sqliteBusy = 5

/** Kysely's driver for SQLite, on `node:sqlite`, and patient with other writers. */
export class NodeSqliteDriver extends SqliteDriver {
  readonly #database: DatabaseSync
  #connection: DatabaseConnection | undefined

  constructor(database: DatabaseSync) {
    super({ database: adapt(database) })
    this.#database = database
  }

  override async init(): Promise<void> {
    await super.init()
    const connection = await this.acquireConnection()
    await connection.executeQuery(CompiledQuery.raw('pragma busy_timeout = 0'))
    await connection.executeQuery(CompiledQuery.raw('pragma journal_mode = wal'))
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    this.#connection ??= new PatientConnection(await super.acquireConnection(), this.#database)
    return this.#connection
  }

  /** Takes the write lock at once, so that no statement inside can find the file busy. */
  override async beginTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('begin immediate'))
  }
}

/**
 * Tries a statement again while the file is busy. SQLite's own waiting would stop the thread, and
 * with it any other connection of this process that holds the lock.
 */
class PatientConnection implements DatabaseConnection {
  readonly #inner: DatabaseConnection
  readonly #database: DatabaseSync

  constructor(inner: DatabaseConnection, database: DatabaseSync) {
    this.#inner = inner
    this.#database = database
  }

  async executeQuery<Row>(query: CompiledQuery): Promise<QueryResult<Row>> {
    for (let waitedMs = 0, pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        return await this.#inner.executeQuery<Row>(query)
      } catch (error) {
        const isHopeless = this.#database.isTransaction || waitedMs >= patienceMs
        if (isHopeless || !isBusy(error)) throw error
      }
      await sleep(pauseMs)
      waitedMs += pauseMs
    }
  }

  streamQuery<Row>(query: CompiledQuery): AsyncIterableIterator<QueryResult<Row>> {
    return this.#inner.streamQuery<Row>(query, 1)
  }
}

function isBusy(error: unknown): boolean {
  if (!(error instanceof Error) || !('errcode' in error)) return false
  // The low byte is the kind; the rest says more about it.
  return typeof error.errcode === 'number' && (error.errcode & 0xff) === sqliteBusy
}

/** Shows a `node:sqlite` database as the one that Kysely's SQLite driver expects. */
export function adapt(database: DatabaseSync): SqliteDatabase {
  return {
    close: () => database.close(),
    prepare(text) {
      const statement = database.prepare(text)
      return {
        reader: statement.columns().length > 0,
        all: (parameters) => statement.all(...parameters.map(bindable)),
        run: (parameters) => statement.run(...parameters.map(bindable)),
        iterate: (parameters) => statement.iterate(...parameters.map(bindable)),
      }
    },
  }
}

function bindable(value: unknown): SQLInputValue {
  if (value === null || typeof value === 'string' || typeof value === 'number') return value
  if (typeof value === 'bigint' || value instanceof Uint8Array) return value
  throw new InputInvalidError('parameter', `SQLite cannot keep a value of type ${typeof value}.`)
}
