import mysql, { type ConnectionOptions } from 'mysql2'
import { EngineUnsupportedError, StatementRefusedError } from '../../errors/errors.ts'
import type { Lendable } from '../lend.ts'
import type { Ask } from './introspect.ts'
import type { Killer } from './killer.ts'
import { promised, readPrepared, rowsOf, type RowSink } from './prepared.ts'

/** A connection that waits inside an empty read-only transaction with pinned settings. */
export interface MysqlConnection extends Lendable {
  readonly isUsable: boolean
  readonly ask: Ask
  /**
   * Prepares one statement and gives its rows until `take` wants no more.
   *
   * @throws {@link StatementRefusedError} before anything runs, when the statement gives no rows.
   */
  read(sql: string, timeoutMs: number, sink: RowSink): Promise<void>
  /** Undoes everything and gets ready for the next caller. */
  clean(): Promise<void>
  /** Never rejects. */
  close(): Promise<void>
}

/** How much later than the client the server gives up, in milliseconds. */
const serverGraceMs = 1_000

const sqlMode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'

const pins = (isMariaDb: boolean, lockSeconds: number): string => `
  SET SESSION sql_mode = '${sqlMode}', time_zone = '+00:00', autocommit = 1, completion_type = 0,
    sql_select_limit = 18446744073709551615, lock_wait_timeout = ${lockSeconds}, innodb_lock_wait_timeout = ${lockSeconds},
    ${isMariaDb ? 'max_recursive_iterations = 4294967295' : 'cte_max_recursion_depth = 4294967295'}`

/** Opens a connection and makes it ready. */
export async function openConnection(
  options: ConnectionOptions,
  killer: Killer,
  lockTimeoutMs: number,
): Promise<MysqlConnection> {
  const connection = mysql.createConnection(options)
  const lockSeconds = Math.max(1, Math.ceil(lockTimeoutMs / 1_000))
  let isUsable = true
  let limitMs = 0
  const lose = (): void => {
    isUsable = false
  }
  connection.on('error', lose)
  connection.on('end', lose)
  await promised<void>((done) => connection.connect(done))

  const ask: Ask = (sql, values = []) =>
    promised((done) => {
      connection.execute(sql, [...values], (error, rows) => done(error, rowsOf(rows)))
    })
  const [[version] = []] = await ask('SELECT version()')
  const isMariaDb = String(version).includes('MariaDB')

  /** Ends with an empty transaction that only reads: it holds no lock and sees what is new. */
  const getReady = async (): Promise<void> => {
    // Recursion ends early by default, and MariaDB does not even say so.
    await ask(pins(isMariaDb, lockSeconds))
    if (limitMs > 0) await limitTime(limitMs)
    const [found = []] = await ask('SELECT @@SESSION.sql_mode, @@SESSION.time_zone')
    if (found[0] !== sqlMode || found[1] !== '+00:00') {
      throw new EngineUnsupportedError('The MySQL server did not take the settings of the session.')
    }
    await ask('START TRANSACTION READ ONLY')
  }
  /** A second guard beside the clock of the client. */
  const limitTime = async (timeoutMs: number): Promise<void> => {
    const wantedMs = timeoutMs + serverGraceMs
    await ask(
      isMariaDb
        ? `SET SESSION max_statement_time = ${wantedMs / 1_000}`
        : `SET SESSION max_execution_time = ${wantedMs}`,
    )
    limitMs = timeoutMs
  }
  await getReady()

  return {
    get isUsable() {
      return isUsable
    },
    ask,
    async read(sql, wantedMs, sink) {
      if (sql.includes('\0')) throw new StatementRefusedError('The text contains a NUL character.')
      // Callers mostly ask for the same time.
      if (wantedMs !== limitMs) await limitTime(wantedMs)
      const isDone = await readPrepared(connection, sql, sink)
      if (!isDone) isUsable = false
    },
    async clean() {
      if (!isUsable) throw new Error('The connection is not at its beginning.')
      await promised<void>((done) => connection.reset(done))
      await getReady()
    },
    cancel: () => killer.kill(threadIdOf(connection), 'QUERY'),
    cut: () => connection.destroy(),
    async close() {
      const wasBusy = !isUsable
      isUsable = false
      connection.destroy()
      if (wasBusy) await killer.kill(threadIdOf(connection), 'CONNECTION')
    },
  }
}

function threadIdOf(connection: { readonly threadId?: number | null }): number {
  return connection.threadId ?? 0
}
