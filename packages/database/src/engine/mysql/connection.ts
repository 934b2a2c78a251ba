import mysql, { type ConnectionOptions } from 'mysql2'
import { EngineUnsupportedError, StatementRefusedError } from '../../errors/errors.ts'
import type { Lendable, Session } from '../lend.ts'
import { within } from '../within.ts'
import type { Ask } from './introspect.ts'
import type { Killer } from './killer.ts'
import { readPrepared, type RowSink } from './prepared.ts'
import { cutOff, promised, rowsOf } from './wire.ts'

/** A connection that waits inside an empty read-only transaction with pinned settings. */
export interface MysqlConnection extends Lendable, Session {
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

/** How long a connection may take to open where nobody says so, in milliseconds. */
const connectMs = 10_000

/** How long the server may take to end a connection that is not wanted any more, in milliseconds. */
const graceMs = 2_000

const sqlMode = 'STRICT_TRANS_TABLES,ERROR_FOR_DIVISION_BY_ZERO,NO_ENGINE_SUBSTITUTION'

const pins = (isMariaDb: boolean, lockSeconds: number, limitMs: number): string => `
  SET SESSION sql_mode = '${sqlMode}', time_zone = '+00:00', autocommit = 1, completion_type = 0,
    sql_select_limit = 18446744073709551615, lock_wait_timeout = ${lockSeconds}, innodb_lock_wait_timeout = ${lockSeconds},
    ${isMariaDb ? 'max_recursive_iterations = 4294967295' : 'cte_max_recursion_depth = 4294967295'}
    ${limitMs > 0 ? `, ${timeLimit(isMariaDb, limitMs)}` : ''}`

/** A second guard beside the clock of the client. */
const timeLimit = (isMariaDb: boolean, timeoutMs: number): string => {
  const wantedMs = timeoutMs + serverGraceMs
  return isMariaDb ? `max_statement_time = ${wantedMs / 1_000}` : `max_execution_time = ${wantedMs}`
}

/** Opens a connection and makes it ready. */
export async function openConnection(
  options: ConnectionOptions,
  killer: Killer,
  lockTimeoutMs: number,
): Promise<MysqlConnection> {
  const connection = mysql.createConnection(options)
  const lockSeconds = Math.max(1, Math.ceil(lockTimeoutMs / 1_000))
  let isLost = false
  /** Something may run on the server of which nobody wants to hear. */
  let isAbandoned = false
  let limitMs = 0
  const lose = (): void => {
    isLost = true
  }
  connection.on('error', lose)
  connection.on('end', lose)
  const cut = (): void => {
    isAbandoned ||= !isLost
    cutOff(connection)
  }

  const ask: Ask = (sql, values = []) =>
    promised((done) => {
      connection.execute(sql, [...values], (error, rows) => done(error, rowsOf(rows)))
    })
  /** Says something of ours that holds no value: half the way of `ask`. */
  const say = (sql: string): Promise<readonly (readonly unknown[])[]> =>
    promised((done) => {
      connection.query(sql, (error, rows) => done(error, rowsOf(rows)))
    })
  let isMariaDb = false

  /** Ends with an empty transaction that only reads: it holds no lock and sees what is new. */
  const getReady = async (): Promise<void> => {
    // Recursion ends early by default, and MariaDB does not even say so.
    await say(pins(isMariaDb, lockSeconds, limitMs))
    const [found = []] = await say('SELECT @@SESSION.sql_mode, @@SESSION.time_zone')
    if (found[0] !== sqlMode || found[1] !== '+00:00') {
      throw new EngineUnsupportedError('The MySQL server did not take the settings of the session.')
    }
    await say('START TRANSACTION READ ONLY')
  }
  const limitTime = async (timeoutMs: number): Promise<void> => {
    await say(`SET SESSION ${timeLimit(isMariaDb, timeoutMs)}`)
    limitMs = timeoutMs
  }
  try {
    // A server that takes us and then says nothing must not hold a place in the pool.
    await within(options.connectTimeout ?? connectMs, async () => {
      await promised<void>((done) => connection.connect(done))
      const [[version] = []] = await say('SELECT version()')
      isMariaDb = String(version).includes('MariaDB')
      await getReady()
    })
  } catch (error) {
    cutOff(connection)
    throw error
  }

  return {
    get isUsable() {
      return !isLost && !isAbandoned
    },
    ask,
    async read(sql, wantedMs, sink) {
      if (sql.includes('\0')) throw new StatementRefusedError('The text contains a NUL character.')
      // Callers mostly ask for the same time.
      if (wantedMs !== limitMs) await limitTime(wantedMs)
      const isDone = await readPrepared(connection, sql, sink)
      if (!isDone) isAbandoned = true
    },
    async clean() {
      if (isLost || isAbandoned) throw new Error('The connection is not at its beginning.')
      await promised<void>((done) => connection.reset(done))
      await getReady()
    },
    // The server has ended what ran on a lost connection, and may have given its id to somebody else.
    cancel: () => (isLost ? Promise.resolve() : killer.kill(threadIdOf(connection), 'QUERY')),
    cut,
    async close() {
      const mayRun = isAbandoned
      isLost = true
      cutOff(connection)
      if (!mayRun) return
      const id = threadIdOf(connection)
      // What the server does not hear ends by itself, by the time limit that it was given.
      await within(graceMs, () => killer.kill(id, 'CONNECTION')).catch(() => undefined)
    },
  }
}

function threadIdOf(connection: { readonly threadId?: number | null }): number {
  return connection.threadId ?? 0
}
