import type { Answer } from '@t2t/llm-sql'
import type { SessionKey } from '@t2t/sessions'
import type { Caller } from '../access/caller.ts'
import type { Application } from '../application.ts'
import { HttpProblem } from '../http/problem.ts'
import { chatDataOf, chatErrorOf } from './chat-answer.ts'
import type { ChatRequest, ChatResponse } from './chat-body.ts'
import { converse, turnsOf } from './conversation.ts'
import { stepOf, type Step } from './steps.ts'
import { titleOf } from './title.ts'

/** A question of a chat that was checked, and may be asked. */
export interface PreparedChat {
  readonly key: SessionKey
  answer(
    signal: AbortSignal,
    onStep?: (step: Step) => void,
  ): Promise<{ readonly answer: Answer; readonly response: ChatResponse }>
}

/**
 * Checks what a caller wants to ask, and finds its session or begins one.
 *
 * @throws {@link HttpProblem} when the query is empty, or the session or database is not theirs.
 */
export async function prepareChat(
  application: Application,
  caller: Caller,
  request: ChatRequest,
  responseId: string,
): Promise<PreparedChat> {
  const { query, mode, session_id: sessionId, database, enable_recovery: recovers } = request
  if (query.trim() === '') throw new HttpProblem(400, 'query-empty', 'The query is empty.')
  if (database !== undefined && !application.databasesOf(caller).includes(database))
    throw new HttpProblem(404, 'database-unknown', 'There is no such database.')
  const { sessions } = application
  const key = await sessionFor(application, caller.id, sessionId, query)
  const question = request.context === undefined ? query : `${query}\n\n${request.context}`

  return {
    key,
    async answer(signal, onStep) {
      const start = performance.now()
      const conversation = await turnsOf(sessions, key)
      const answered = await converse(sessions, key, query, () =>
        application.answer(caller, question, {
          mode,
          recovers,
          database,
          conversation,
          signal,
          onEvent(event) {
            const step = stepOf(event)
            if (step !== undefined) onStep?.(step)
          },
        }),
      )
      const { answer } = answered
      const error = chatErrorOf(answer)
      const resultId =
        answer.kind === 'answered' ? await application.results.put(caller, answer) : undefined
      const response = {
        success: error === null,
        data: chatDataOf(answer, answered.mode, resultId),
        error,
        metadata: {
          session_id: key.id,
          duration_ms: Math.round(performance.now() - start),
          confidence: answer.kind === 'answered' ? answer.confidence : null,
          generator: application.generator,
          database: answered.database,
        },
        timestamp: new Date().toISOString(),
        response_id: responseId,
      }
      return { answer, response }
    },
  }
}

/** The session that was named, or a new one. */
async function sessionFor(
  { sessions }: Application,
  owner: string,
  id: string | undefined,
  query: string,
): Promise<SessionKey> {
  if (id === undefined) return sessions.sessions.create({ owner, title: titleOf(query) })
  const key = { owner, id }
  const isThere = id === id.trim() && (await sessions.sessions.get(key)) !== undefined
  if (!isThere) throw new HttpProblem(404, 'session-not-found', 'There is no such session.')
  return key
}
