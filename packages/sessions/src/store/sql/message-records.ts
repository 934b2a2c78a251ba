import { checkMessage } from '../../input/input.ts'
import type { Message, MessageRole } from '../../message/message.ts'
import type { MessageRecords } from '../store.ts'
import {
  advance,
  deleteEntries,
  readQuery,
  requireSession,
  type SqlContext,
} from './sql-context.ts'

/** Keeps messages in a database. */
export function messageRecords(context: SqlContext): MessageRecords {
  const { db, attempt } = context
  return {
    append: (key, input) =>
      attempt(() =>
        db.transaction().execute(async (transaction) => {
          const { role, content } = checkMessage(input)
          const { sequence, createdAt } = await advance(context, transaction, key)
          await transaction
            .insertInto('t2t_messages')
            .values({ session_id: key.id, sequence, role, content, created_at: createdAt })
            .execute()
          return { sequence, role, content, createdAt }
        }),
      ),
    list: (key, query) =>
      attempt(async () => {
        const { limit, before } = readQuery(query)
        await requireSession(db, key)
        const rows = await db
          .selectFrom('t2t_messages')
          .select(['sequence', 'role', 'content', 'created_at'])
          .where('session_id', '=', key.id)
          .where('sequence', '<', before)
          .orderBy('sequence', 'desc')
          .limit(limit)
          .execute()
        return rows.toReversed().map((row): Message => ({
          sequence: row.sequence,
          role: roleOf(row.role),
          content: row.content,
          createdAt: row.created_at,
        }))
      }),
    clear: (key) =>
      attempt(() =>
        db.transaction().execute(async (transaction) => {
          await advance(context, transaction, key)
          await deleteEntries(transaction, [key.id])
        }),
      ),
  }
}

function roleOf(text: string): MessageRole {
  return text === 'user' || text === 'assistant' ? text : 'system'
}
