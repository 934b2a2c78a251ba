import { type Clock, timestamp } from '../../clock/clock.ts'
import { SessionNotFoundError } from '../../errors/errors.ts'
import { checkKey, checkLimit, checkSequence } from '../../input/input.ts'
import type { SessionKey } from '../../session/session.ts'
import type { RecordQuery } from '../store.ts'
import type { SessionDatabase } from './tables.ts'

/** What the parts of a SQL store share. */
export interface SqlContext {
  readonly db: SessionDatabase
  readonly clock: Clock
  readonly createId: () => string
  /** Runs a piece of work; its failures become errors of this package. */
  readonly attempt: <Value>(work: () => Promise<Value>) => Promise<Value>
}

/** What every entry of a session has. */
export interface EntryPlace {
  readonly sequence: number
  readonly createdAt: string
}

/**
 * Counts one entry more in a session and keeps the row locked until the transaction ends, so that
 * no two entries get one place.
 */
export async function advance(
  { clock }: SqlContext,
  db: SessionDatabase,
  key: SessionKey,
): Promise<EntryPlace> {
  const { owner, id } = checkKey(key)
  const now = timestamp(clock)
  const { numUpdatedRows } = await db
    .updateTable('t2t_sessions')
    .set((expression) => ({
      last_sequence: expression('last_sequence', '+', 1),
      updated_at: expression
        .case()
        .when('updated_at', '>', now)
        .then(expression.ref('updated_at'))
        .else(now)
        .end(),
    }))
    .where('id', '=', id)
    .where('owner', '=', owner)
    .executeTakeFirstOrThrow()
  if (numUpdatedRows === 0n) throw new SessionNotFoundError()
  const { last_sequence: sequence, updated_at: createdAt } = await db
    .selectFrom('t2t_sessions')
    .select(['last_sequence', 'updated_at'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { sequence, createdAt }
}

/** Makes sure that a session exists and belongs to the person. */
export async function requireSession(db: SessionDatabase, key: SessionKey): Promise<void> {
  const { owner, id } = checkKey(key)
  const found = await db
    .selectFrom('t2t_sessions')
    .select('id')
    .where('id', '=', id)
    .where('owner', '=', owner)
    .executeTakeFirst()
  if (found === undefined) throw new SessionNotFoundError()
}

/** Reads a query for entries: how many, and before which place. */
export function readQuery(query: RecordQuery = {}): {
  readonly limit: number
  readonly before: number
} {
  return {
    limit: checkLimit(query.limit ?? 100),
    before: query.before === undefined ? 2_147_483_647 : checkSequence(query.before),
  }
}

/** Deletes what is in sessions. */
export async function deleteEntries(
  db: SessionDatabase,
  sessionIds: readonly string[],
): Promise<void> {
  await db.deleteFrom('t2t_messages').where('session_id', 'in', sessionIds).execute()
  await db.deleteFrom('t2t_tool_executions').where('session_id', 'in', sessionIds).execute()
}
