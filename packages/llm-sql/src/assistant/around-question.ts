import type { SafeDraft } from '../steps/draft.ts'
import type { AnswerBase, AnswerUsage, FailedAnswer } from './answer.ts'
import type { AssistantListener } from './answer-run.ts'

/** What is noted of a question's events, for its end. */
export interface QuestionNotes {
  /** Notes an event and hands it on. */
  readonly emit: AssistantListener
  readonly attempts: () => number
  readonly usage: () => AnswerUsage
  readonly entities: () => AnswerBase['entities']
}

/** Notes what a question took, while its events pass by. */
export function takeNotes(emit: AssistantListener): QuestionNotes {
  let attempts = 0
  let usage: AnswerUsage = { modelCalls: 0, inputTokens: 0, outputTokens: 0 }
  let entities: AnswerBase['entities'] = []
  return {
    emit: (event) => {
      if (event.type === 'sql-drafted') attempts = Math.max(attempts, event.attempt)
      if (event.type === 'entities-resolved') ({ entities } = event)
      if (event.type === 'model-called') {
        usage = {
          modelCalls: usage.modelCalls + 1,
          inputTokens: usage.inputTokens + (event.inputTokens ?? 0),
          outputTokens: usage.outputTokens + (event.outputTokens ?? 0),
        }
      }
      emit(event)
    },
    attempts: () => attempts,
    usage: () => usage,
    entities: () => entities,
  }
}

/** Whether the time for the whole question was over. */
export function isTimedOut(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'RESILIENCE_TIMED_OUT'
}

/** The answer when the time was over. */
export function tooLate(question: string, timeoutMs: number): FailedAnswer {
  return {
    kind: 'failed',
    code: 'timed-out',
    message: `There was no answer within ${timeoutMs} ms.`,
    question,
    entities: [],
    sources: [],
    missing: [],
  }
}

/** Says in a draft that another generator made it than the one that should have. */
export function withFallback(draft: SafeDraft): SafeDraft {
  if (draft.kind !== 'sql') return draft
  const explanation = `The model did not answer, so the question was read without it. ${draft.explanation}`
  return { ...draft, explanation }
}
