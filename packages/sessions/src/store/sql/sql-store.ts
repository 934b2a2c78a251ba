import { randomUUID } from 'node:crypto'
import type { Kysely } from 'kysely'
import { systemClock } from '../../clock/clock.ts'
import { isSessionsError, StoreClosedError, StoreFailedError } from '../../errors/errors.ts'
import type { SessionStore, SessionStoreOptions } from '../store.ts'
import { messageRecords } from './message-records.ts'
import { sessionRecords } from './session-records.ts'
import type { SqlContext } from './sql-context.ts'
import { sessionDatabase } from './tables.ts'
import { toolExecutionRecords } from './tool-execution-records.ts'
import { upkeep } from './upkeep.ts'

/** Options for {@link sqlStore}. */
export interface SqlStoreOptions<Tables> extends SessionStoreOptions {
  /** SQLite, PostgreSQL or MySQL. It stays yours: closing the store does not close it. */
  readonly db: Kysely<Tables>
}

/**
 * Creates a store that keeps conversations in a database, through Kysely.
 *
 * Call {@link migrateSessions} first: the store expects its tables, whose names begin with `t2t_`.
 * Whatever is added is in the database before the call resolves. Several processes may share one
 * database.
 */
export function sqlStore<Tables>(options: SqlStoreOptions<Tables>): SessionStore {
  const { clock = systemClock, createId = randomUUID } = options
  let isClosed = false

  const context: SqlContext = {
    db: sessionDatabase(options.db),
    clock,
    createId,
    attempt: async (work) => {
      if (isClosed) throw new StoreClosedError()
      try {
        return await work()
      } catch (error) {
        throw isSessionsError(error) ? error : new StoreFailedError({ cause: error })
      }
    },
  }

  return {
    sessions: sessionRecords(context),
    messages: messageRecords(context),
    toolExecutions: toolExecutionRecords(context),
    upkeep: upkeep(context),
    async close() {
      isClosed = true
    },
  }
}
