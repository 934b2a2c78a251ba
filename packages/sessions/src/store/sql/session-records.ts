import { timestamp } from '../../clock/clock.ts'
import { readCursor, writeCursor } from '../../input/cursor.ts'
import { checkKey, checkLimit, checkName, checkSession } from '../../input/input.ts'
import type { Session } from '../../session/session.ts'
import type { SessionRecords } from '../store.ts'
import { readStatistics } from './read-statistics.ts'
import { deleteEntries, requireSession, type SqlContext } from './sql-context.ts'

const columns = ['id', 'owner', 'title', 'created_at', 'updated_at'] as const

/** Keeps sessions in a database. */
export function sessionRecords(context: SqlContext): SessionRecords {
  const { db, clock, createId, attempt } = context
  return {
    create: (input) =>
      attempt(async () => {
        const { owner, title } = checkSession(input)
        const createdAt = timestamp(clock)
        const session = { id: createId(), owner, title, createdAt, updatedAt: createdAt }
        await db
          .insertInto('t2t_sessions')
          .values({
            id: session.id,
            owner,
            title: title ?? null,
            created_at: createdAt,
            updated_at: createdAt,
            last_sequence: 0,
          })
          .execute()
        return session
      }),
    get: (key) =>
      attempt(async () => {
        const { owner, id } = checkKey(key)
        const row = await db
          .selectFrom('t2t_sessions')
          .select(columns)
          .where('id', '=', id)
          .where('owner', '=', owner)
          .executeTakeFirst()
        return row === undefined ? undefined : sessionOf(row)
      }),
    list: ({ owner, limit = 50, after }) =>
      attempt(async () => {
        checkLimit(limit)
        let query = db
          .selectFrom('t2t_sessions')
          .select(columns)
          .where('owner', '=', checkName('owner', owner))
        if (after !== undefined) {
          const { updatedAt, id } = readCursor(after)
          query = query.where((where) =>
            where.or([
              where('updated_at', '<', updatedAt),
              where.and([where('updated_at', '=', updatedAt), where('id', '<', id)]),
            ]),
          )
        }
        const rows = await query
          .orderBy('updated_at', 'desc')
          .orderBy('id', 'desc')
          .limit(limit + 1)
          .execute()
        const items = rows.slice(0, limit).map(sessionOf)
        const last = items.at(-1)
        const isMore = rows.length > limit && last !== undefined
        return { items, next: isMore ? writeCursor(last) : undefined }
      }),
    delete: (key) =>
      attempt(() =>
        db.transaction().execute(async (transaction) => {
          const { owner, id } = checkKey(key)
          const { numDeletedRows } = await transaction
            .deleteFrom('t2t_sessions')
            .where('id', '=', id)
            .where('owner', '=', owner)
            .executeTakeFirstOrThrow()
          if (numDeletedRows === 0n) return false
          await deleteEntries(transaction, [id])
          return true
        }),
      ),
    statistics: (key) =>
      attempt(async () => {
        await requireSession(db, key)
        return readStatistics(db, key.id)
      }),
  }
}

interface SessionRow {
  readonly id: string
  readonly owner: string
  readonly title: string | null
  readonly created_at: string
  readonly updated_at: string
}

function sessionOf(row: SessionRow): Session {
  return {
    id: row.id,
    owner: row.owner,
    title: row.title ?? undefined,
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  }
}
