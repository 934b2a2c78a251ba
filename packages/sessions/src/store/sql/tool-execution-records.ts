import { checkToolExecution } from '../../input/input.ts'
import type { ToolExecution } from '../../tool-execution/tool-execution.ts'
import type { ToolExecutionRecords } from '../store.ts'
import { advance, readQuery, requireSession, type SqlContext } from './sql-context.ts'

/** Keeps tool executions in a database. */
export function toolExecutionRecords(context: SqlContext): ToolExecutionRecords {
  const { db, attempt } = context
  return {
    append: (key, input) =>
      attempt(() =>
        db.transaction().execute(async (transaction) => {
          const execution = checkToolExecution(input)
          const { sequence, createdAt } = await advance(context, transaction, key)
          await transaction
            .insertInto('t2t_tool_executions')
            .values({
              session_id: key.id,
              sequence,
              tool: execution.tool,
              arguments: JSON.stringify(execution.arguments),
              result: execution.result,
              succeeded: execution.succeeded ? 1 : 0,
              duration_ms: execution.durationMs,
              created_at: createdAt,
            })
            .execute()
          return { sequence, ...execution, createdAt }
        }),
      ),
    list: (key, query) =>
      attempt(async () => {
        const { limit, before } = readQuery(query)
        await requireSession(db, key)
        const rows = await db
          .selectFrom('t2t_tool_executions')
          .selectAll()
          .where('session_id', '=', key.id)
          .where('sequence', '<', before)
          .orderBy('sequence', 'desc')
          .limit(limit)
          .execute()
        return rows.toReversed().map((row): ToolExecution => ({
          sequence: row.sequence,
          tool: row.tool,
          arguments: JSON.parse(row.arguments),
          result: row.result,
          succeeded: row.succeeded === 1,
          durationMs: row.duration_ms,
          createdAt: row.created_at,
        }))
      }),
  }
}
