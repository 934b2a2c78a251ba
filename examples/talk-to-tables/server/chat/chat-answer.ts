import type { Answer } from '@t2t/llm-sql'
import { pageOf, type ChatData, type ChatResponse } from './chat-body.ts'
import type { StartedQuestion } from '../workspace/assistants.ts'

type ChatError = NonNullable<ChatResponse['error']>

const maxPageRows = 1_000

/** The answer as callers of the HTTP API read it. */
export function chatDataOf(
  answer: Answer,
  mode: StartedQuestion['mode'],
  resultId: string | undefined,
): ChatData {
  const attempts = 'attempts' in answer ? answer.attempts : 1
  return {
    sql_query: 'sql' in answer ? answer.sql : null,
    results:
      answer.kind === 'answered'
        ? pageOf(
            { ...answer, rows: answer.rows.slice(0, maxPageRows) },
            { id: resultId ?? null, start: 0, count: answer.rows.length },
          )
        : null,
    resolved_entities: answer.entities.map(({ term, kind, meaning, source, confidence }) => ({
      term,
      kind,
      meaning,
      source: source.name,
      confidence,
    })),
    explanation: answer.kind === 'answered' ? answer.explanation : null,
    choices: answer.kind === 'clarify' ? [...answer.choices] : [],
    recovery_performed: attempts > 1,
    metadata: {
      mode,
      mcp_servers_used: [...new Set(answer.sources.map(({ name }) => name))],
      recovery_attempts: attempts - 1,
      missing_sources: answer.missing.map(({ name, reason }) => ({ name, reason })),
    },
  }
}

/** Why there are no rows; `null` when there are. */
export function chatErrorOf(answer: Answer): ChatError | null {
  switch (answer.kind) {
    case 'answered':
      return null
    case 'clarify':
      return { code: 'clarification-needed', message: answer.ask }
    case 'refused': {
      const findings = answer.findings.map(({ code, message, subject }) => ({
        code,
        message,
        ...(subject !== undefined && { subject }),
      }))
      const message = findings.map((finding) => finding.message).join(' ')
      return { code: 'query-refused', message, findings }
    }
    case 'failed':
      return { code: answer.code, message: answer.message }
  }
}

/** What a question and the policy decide is an answer; what did not work outside is an HTTP error. */
export function chatStatusOf(answer: Answer): 200 | 502 | 503 {
  if (answer.kind !== 'failed' || answer.code === 'attempts-exhausted') return 200
  return answer.code === 'model-failed' ? 502 : 503
}
