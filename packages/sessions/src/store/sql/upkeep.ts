import type { ExpressionBuilder, ExpressionWrapper, SqlBool } from 'kysely'
import { checkMoment, checkName } from '../../input/input.ts'
import type { Upkeep } from '../store.ts'
import { deleteEntries, type SqlContext } from './sql-context.ts'
import type { SessionTables } from './tables.ts'

/** Sessions that are deleted in one transaction, so that none of them is long. */
const batch = 500

type Condition = (
  expression: ExpressionBuilder<SessionTables, 't2t_sessions'>,
) => ExpressionWrapper<SessionTables, 't2t_sessions', SqlBool>

/** Does what an operator does across people, in a database. */
export function upkeep({ db, attempt }: SqlContext): Upkeep {
  /** Deletes at most one batch; a session that no longer meets the condition stays. */
  function deleteSome(condition: Condition): Promise<number> {
    return db.transaction().execute(async (transaction) => {
      const rows = await transaction
        .selectFrom('t2t_sessions')
        .select('id')
        .where(condition)
        .limit(batch)
        .execute()
      const ids = rows.map(({ id }) => id)
      if (ids.length === 0) return 0
      const { numDeletedRows } = await transaction
        .deleteFrom('t2t_sessions')
        .where('id', 'in', ids)
        .where(condition)
        .executeTakeFirstOrThrow()
      const kept = await transaction
        .selectFrom('t2t_sessions')
        .select('id')
        .where('id', 'in', ids)
        .execute()
      const isKept = new Set(kept.map(({ id }) => id))
      const deleted = ids.filter((id) => !isKept.has(id))
      if (deleted.length > 0) await deleteEntries(transaction, deleted)
      return Number(numDeletedRows)
    })
  }
  async function deleteAll(condition: Condition): Promise<number> {
    let total = 0
    for (;;) {
      const deleted = await deleteSome(condition)
      if (deleted === 0) return total
      total += deleted
    }
  }

  return {
    deleteOwner: (owner) =>
      attempt(async () => {
        const checked = checkName('owner', owner)
        return deleteAll((expression) => expression('owner', '=', checked))
      }),
    deleteInactive: (since) =>
      attempt(async () => {
        const moment = checkMoment(since)
        return deleteAll((expression) => expression('updated_at', '<', moment))
      }),
    countActive: (since) =>
      attempt(async () => {
        const { count } = await db
          .selectFrom('t2t_sessions')
          .select(({ fn }) => fn.countAll().as('count'))
          .where('updated_at', '>=', checkMoment(since))
          .executeTakeFirstOrThrow()
        return Number(count)
      }),
  }
}
