import { DatabaseSync } from 'node:sqlite'
import type { Answer } from '@t2t/llm-sql'
import type { SessionStatistics } from '@t2t/sessions'
import { migrateSessions, nodeSqliteDialect, sqlStore } from '@t2t/sessions/sql'
import { Kysely } from 'kysely'

/** The one conversation of the demo, kept in a database of its own. */
export interface Conversation extends AsyncDisposable {
  record(question: string, answer: Answer, durationMs: number): Promise<void>
  statistics(): Promise<SessionStatistics>
}

export async function openConversation(): Promise<Conversation> {
  const db = new Kysely<unknown>({ dialect: nodeSqliteDialect(new DatabaseSync(':memory:')) })
  await migrateSessions(db)
  const store = sqlStore({ db })
  const { owner, id } = await store.sessions.create({ owner: 'demo', title: 'The demo' })
  const key = { owner, id }
  return {
    async record(question, answer, durationMs) {
      await store.messages.append(key, { role: 'user', content: question })
      if ('sql' in answer) {
        await store.toolExecutions.append(key, {
          tool: 'query',
          arguments: { sql: answer.sql },
          result: answer.kind,
          succeeded: answer.kind === 'answered',
          durationMs,
        })
      }
      await store.messages.append(key, { role: 'assistant', content: summary(answer) })
    },
    statistics: () => store.sessions.statistics(key),
    async [Symbol.asyncDispose]() {
      await store.close()
      await db.destroy()
    },
  }
}

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
