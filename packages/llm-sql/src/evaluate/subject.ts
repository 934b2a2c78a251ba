import type { AnsweredAnswer } from '../assistant/answer.ts'
import type { QueryRunner, SqlAssistant } from '../assistant/assistant.ts'
import { runQuery } from '../steps/run.ts'
import type { EvaluationQuestion, RecordedOutput } from './questions.ts'

/** What is evaluated: something that answers questions. */
export type EvaluationSubject = (
  question: EvaluationQuestion,
  signal: AbortSignal,
) => Promise<SubjectAnswer>

/** How a subject answered. */
export interface SubjectAnswer {
  readonly kind: 'answered' | 'asked' | 'refused' | 'failed'
  readonly sql?: string | undefined
  /** Set when it answered. */
  readonly rows?: AnsweredAnswer['rows'] | undefined
  readonly confidence?: number | undefined
  /** Why there are no rows. */
  readonly message?: string | undefined
  readonly modelCalls?: number | undefined
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
}

/** Evaluates assistants, one for each database. */
export function assistantSubject(
  assistantFor: (db: string) => SqlAssistant | Promise<SqlAssistant>,
): EvaluationSubject {
  return async ({ db, question, evidence }, signal) => {
    const assistant = await assistantFor(db)
    const asked = evidence === undefined || evidence === '' ? question : `${question} (${evidence})`
    const run = assistant.ask(asked, { signal })
    const usage = { modelCalls: 0, inputTokens: 0, outputTokens: 0 }
    for await (const event of run) {
      if (event.type !== 'model-called') continue
      usage.modelCalls += 1
      usage.inputTokens += event.inputTokens ?? 0
      usage.outputTokens += event.outputTokens ?? 0
    }
    const answer = await run.answer
    switch (answer.kind) {
      case 'answered':
        return {
          ...usage,
          kind: 'answered',
          sql: answer.sql,
          rows: answer.rows,
          confidence: answer.confidence,
        }
      case 'clarify':
        return { ...usage, kind: 'asked', message: answer.ask }
      case 'refused': {
        const codes = answer.findings.map(({ code }) => code).join(', ')
        return { ...usage, kind: 'refused', sql: answer.sql, message: codes }
      }
      case 'failed':
        return { ...usage, kind: 'failed', message: answer.message }
    }
  }
}

/** Evaluates what a system once wrote: the statement runs as it stands. */
export function recordedSubject(
  outputs: ReadonlyMap<string, RecordedOutput>,
  runnerFor: (db: string) => QueryRunner | Promise<QueryRunner>,
): EvaluationSubject {
  return async ({ id, db }, signal) => {
    const sql = outputs.get(id)?.sql
    if (sql === undefined) return { kind: 'failed', message: 'Nothing was recorded for it.' }
    const run = await runQuery(await runnerFor(db), sql, signal)
    return run.kind === 'rows'
      ? { kind: 'answered', sql, rows: run.rows }
      : { kind: 'failed', sql, message: run.message }
  }
}
