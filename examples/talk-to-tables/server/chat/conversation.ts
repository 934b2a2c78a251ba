import { turnOf, type ConversationTurn } from '@t2t/llm-sql'
import type { SessionKey, SessionStore } from '@t2t/sessions'
import { z } from 'zod'
import type { Answered } from '../application.ts'

/** How a question that was answered with rows is kept among the arguments of its execution. */
const keptTurn = z.object({
  question: z.string(),
  sql: z.string(),
  reads: z.array(
    z.object({
      schema: z.string(),
      table: z.string(),
      isView: z.literal(true).optional(),
      columns: z.array(
        z.object({
          column: z.string(),
          uses: z.array(z.enum(['output', 'filter', 'join', 'group', 'sort'])),
        }),
      ),
    }),
  ),
}) satisfies z.ZodType<ConversationTurn>
const maxTurns = 8

/** What was asked in a session before and may be followed, oldest first. */
export async function turnsOf(
  { toolExecutions }: SessionStore,
  key: SessionKey,
): Promise<readonly ConversationTurn[]> {
  const executions = await toolExecutions.list(key, { limit: maxTurns })
  return executions.flatMap(({ arguments: held }): ConversationTurn[] => {
    const { data } = keptTurn.safeParse(held['turn'])
    return data === undefined ? [] : [data]
  })
}

/** Keeps what was asked, then what was run for it and what was answered. */
export async function converse(
  { messages, toolExecutions }: SessionStore,
  key: SessionKey,
  question: string,
  answering: () => Promise<Answered>,
): Promise<Answered> {
  await messages.append(key, { role: 'user', content: question })
  const start = performance.now()
  const answered = await answering()
  const { answer } = answered
  if ('sql' in answer) {
    const turn = turnOf(answer)
    await toolExecutions.append(key, {
      tool: 'query',
      arguments: {
        sql: answer.sql,
        database: answered.database,
        ...(turn !== undefined && { turn: { ...turn } }),
      },
      result: answer.kind,
      succeeded: answer.kind === 'answered',
      durationMs: performance.now() - start,
    })
  }
  await messages.append(key, { role: 'assistant', content: summary(answered) })
  return answered
}

/** The answer in a sentence or two, without rows. */
function summary({ answer }: Answered): string {
  switch (answer.kind) {
    case 'answered':
      return `${answer.explanation} (${answer.rows.length} rows)`
    case 'clarify':
      return answer.ask
    case 'refused':
      return answer.findings.map(({ message }) => message).join(' ')
    case 'failed':
      return answer.message
  }
}
