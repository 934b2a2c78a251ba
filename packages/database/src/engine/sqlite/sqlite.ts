import type { DatabaseSync } from 'node:sqlite'
import { DatabaseClosedError, OptionInvalidError } from '../../errors/errors.ts'
import { monotonicNow, startDeadline, type Now } from '../../read/deadline.ts'
import type { ReadCaps, ReadResult } from '../../read/read.ts'
import { createRowCollector } from '../../read/row-collector.ts'
import type { Engine, ReadDecision } from '../engine.ts'
import { remoteEngine } from '../remote/remote.ts'
import { toCell } from './cells.ts'
import { startChild } from './child-host.ts'
import { introspectSqlite } from './introspect.ts'
import { openFile, startSession, type SqliteSession } from './session.ts'
import { prepareOne, translated } from './statement.ts'

/** Options for {@link sqlite}: either `path` or `database`. */
export interface SqliteOptions {
  /** A database file that exists. It is opened read-only, at once. */
  readonly path?: string | undefined
  /**
   * An open connection, for databases in memory. The engine takes it over: from then on it refuses
   * everything but reading, also for you, and it is closed together with the engine.
   */
  readonly database?: DatabaseSync | undefined
  /**
   * Where statements run. In a process of its own, one that computes for ever is ended together with
   * that process; a new one is started for whatever else was running. It needs `path`, and costs
   * some 100 milliseconds at the first use, which no time cap counts, and a message per reading.
   * @defaultValue `'this-process'`
   */
  readonly runsIn?: 'this-process' | 'own-process' | undefined
  /**
   * A clock that only goes forward, in milliseconds.
   * @defaultValue `performance.now`
   */
  readonly now?: Now | undefined
}

const rowsBetweenBreaths = 500

/**
 * Reads a SQLite database through `node:sqlite`.
 *
 * The connection is read-only and defensive, cannot load extensions, and has an authorizer that
 * denies everything but reading: ATTACH, PRAGMA, temporary tables and VACUUM INTO included. Rows
 * are fetched one by one, and caps, abort and time are looked at between rows. A statement that
 * computes for long *without* giving a row blocks its process until it is done: where strangers ask
 * questions, let it run in a process of its own.
 *
 * @throws {@link OptionInvalidError} at once, when not exactly one source is given.
 * @throws {@link EngineUnsupportedError} at once, on a Node before 24.10.
 *
 * @example
 * ```ts
 * import { DatabaseSync } from 'node:sqlite'
 * import { sqlite } from '@t2t/database/sqlite'
 *
 * const database = new DatabaseSync(':memory:')
 * database.exec('CREATE TABLE planets (name TEXT)')
 * const engine = sqlite({ database })
 * ```
 */
export function sqlite(options: SqliteOptions): Engine {
  const { path, database, runsIn = 'this-process', now = monotonicNow } = options
  if (runsIn === 'own-process') return inOwnProcess(path, database, now)
  let session: SqliteSession | undefined = startSession(connect(path, database))

  const open = (): SqliteSession => {
    if (session === undefined) throw new DatabaseClosedError()
    return session
  }

  return {
    dialect: 'sqlite',
    async read(sql, caps, signal, decided) {
      return readRows(open(), { sql, decided }, caps, signal, now)
    },
    async introspect(signal) {
      signal.throwIfAborted()
      return introspectSqlite(open())
    },
    async ping(signal) {
      signal.throwIfAborted()
      open().connection.prepare('SELECT 1').get()
    },
    async close() {
      session?.connection.close()
      session = undefined
    },
  }
}

/** Opens the file here first, so that a wrong option is told at once. */
function inOwnProcess(
  path: string | undefined,
  database: DatabaseSync | undefined,
  now: Now,
): Engine {
  if (path === undefined || database !== undefined) {
    throw new OptionInvalidError('sqlite needs path, and no database, to run in its own process.')
  }
  startSession(connect(path, undefined)).connection.close()
  return remoteEngine('sqlite', (listener) => startChild(path, listener), now)
}

function connect(path: string | undefined, database: DatabaseSync | undefined): DatabaseSync {
  if (database !== undefined && path === undefined) return database
  if (path === undefined || database !== undefined) {
    throw new OptionInvalidError('sqlite needs either path or database.')
  }
  try {
    return openFile(path)
  } catch (error) {
    throw translated(error)
  }
}

async function readRows(
  session: SqliteSession,
  { sql, decided }: { readonly sql: string; readonly decided: ReadDecision | undefined },
  caps: ReadCaps,
  signal: AbortSignal,
  now: Now,
): Promise<ReadResult> {
  const deadline = startDeadline(caps.timeoutMs, signal, now)
  deadline.check()
  const held = session.heldTo(decided)
  const statement = held(() => prepareOne(session.connection, sql))
  const columns = statement
    .columns()
    .map(({ name, type }) => (type === null ? { name } : { name, type }))
  const collector = createRowCollector(caps)

  const rows = statement.iterate()
  try {
    for (let seen = 1; ; seen++) {
      const { done, value: row } = held(() => rows.next())
      if (done === true) break
      deadline.check()
      if (!collector.add(Object.values(row).map(toCell))) break
      if (seen % rowsBetweenBreaths !== 0) continue
      await deadline.breathe()
      if (!session.connection.isOpen) throw new DatabaseClosedError()
    }
  } catch (error) {
    throw translated(error, sql)
  } finally {
    // It holds a lock on the file until then.
    if (session.connection.isOpen) rows.return?.()
  }
  const durationMs = deadline.elapsedMs()
  return { columns, ...collector.collected(), durationMs }
}
