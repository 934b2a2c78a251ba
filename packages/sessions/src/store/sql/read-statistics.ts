import type { SessionStatistics } from '../../statistics/statistics.ts'
import type { SessionDatabase } from './tables.ts'

/** Counts what is in a session, in the database. */
export async function readStatistics(db: SessionDatabase, id: string): Promise<SessionStatistics> {
  const roles = await db
    .selectFrom('t2t_messages')
    .select(({ fn }) => [
      'role',
      fn.countAll().as('count'),
      fn.min('created_at').as('first'),
      fn.max('created_at').as('last'),
    ])
    .where('session_id', '=', id)
    .groupBy('role')
    .execute()
  const tools = await db
    .selectFrom('t2t_tool_executions')
    .select(({ fn }) => [
      'tool',
      fn.countAll().as('calls'),
      fn.sum('succeeded').as('successes'),
      fn.sum('duration_ms').as('total'),
      fn.max('duration_ms').as('longest'),
    ])
    .where('session_id', '=', id)
    .groupBy('tool')
    .execute()

  // Some drivers give sums and counts as text.
  const count = (role: string): number => Number(roles.find((row) => row.role === role)?.count ?? 0)
  return {
    messages: { user: count('user'), assistant: count('assistant'), system: count('system') },
    tools: tools
      .map(({ tool, calls, successes, total, longest }) => ({
        tool,
        calls: Number(calls),
        failures: Number(calls) - Number(successes),
        totalDurationMs: Number(total),
        longestDurationMs: Number(longest),
      }))
      .toSorted((left, right) => (left.tool < right.tool ? -1 : 1)),
    firstMessageAt: roles
      .map(({ first }) => first)
      .toSorted()
      .at(0),
    lastMessageAt: roles
      .map(({ last }) => last)
      .toSorted()
      .at(-1),
  }
}
