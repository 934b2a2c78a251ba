import { DatabaseSync } from 'node:sqlite'
import type { Answer } from '@t2t/llm-sql'
import type { SessionKey, SessionStore } from '@t2t/sessions'
import { migrateSessions, nodeSqliteDialect, sqlStore } from '@t2t/sessions/sql'
import { Kysely } from 'kysely'

/** Opens the store of conversations, in a database of its own, in memory. */
export async function openSessions(): Promise<SessionStore & AsyncDisposable> {
  const db = new Kysely<unknown>({ dialect: nodeSqliteDialect(new DatabaseSync(':memory:')) })
  await migrateSessions(db)
  const store = sqlStore({ db })
  return {
    ...store,
    async [Symbol.asyncDispose]() {
      await store.close()
      await db.destroy()
    },
  }
}

/** Keeps what was asked, then what was run for it and what was answered. */
export async function converse(
  { messages, toolExecutions }: SessionStore,
  key: SessionKey,
  question: string,
  answering: () => Promise<Answer>,
): Promise<Answer> {
  await messages.append(key, { role: 'user', content: question })
  const start = performance.now()
  const answer = await answering()
  if ('sql' in answer) {
    await toolExecutions.append(key, {
      tool: 'query',
      arguments: { sql: answer.sql },
      result: answer.kind,
      succeeded: answer.kind === 'answered',
      durationMs: performance.now() - start,
    })
  }
  await messages.append(key, { role: 'assistant', content: summary(answer) })
  return answer
}

/** The answer in a sentence or two, without rows. */
function summary(answer: Answer): string {
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
