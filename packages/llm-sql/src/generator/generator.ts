import type { Finding } from '@t2t/sql-guard'
import type { ResolvedEntity } from '../assistant/answer.ts'
import type { SourcedMetadata } from '../assistant/assistant.ts'
import type { ConversationTurn } from '../conversation/conversation.ts'
import type { IsoDay } from '../entities/calendar.ts'
import type { ResolvedQuestion } from '../steps/resolve.ts'

/**
 * Writes SQL for a question.
 *
 * Implement this to draft in another way. The assistant calls it once for each attempt and checks
 * every text that it returns with the guard; a generator never runs anything itself.
 */
export interface SqlGenerator {
  /** Stable id such as `offline`; appears in events. */
  readonly name: string
  /**
   * Drafts one statement, or says why it cannot.
   *
   * Rejects with the signal's reason when that aborts, and with an error that has a `code` when
   * something outside failed.
   */
  draft(request: DraftRequest, signal: AbortSignal): Promise<Draft>
}

/** What a generator is given. Everything that the caller must not see was taken out before. */
export interface DraftRequest {
  readonly question: ResolvedQuestion
  /** What the phrases of the question were resolved to. */
  readonly entities: readonly ResolvedEntity[]
  readonly metadata: readonly SourcedMetadata[]
  /** What was asked before and may be followed, oldest first. Absent for a first question. */
  readonly earlier?: readonly ConversationTurn[] | undefined
  /** What the turns before those were about, when not all of them fit. Untrusted text. */
  readonly summary?: string | undefined
  /** The day that "today" means. */
  readonly today: IsoDay
  /** The attempt before this one, when there was one. */
  readonly previous?: FailedDraft | undefined
  /** Told about each call of a model. */
  readonly onModelCalled?: ((call: ModelCall) => void) | undefined
}

/** A draft that could not be used. */
export interface FailedDraft {
  readonly sql: string
  /** Why the guard refused it; empty when the database failed on it. */
  readonly findings: readonly Finding[]
  /** What the database said. Untrusted text. */
  readonly message?: string | undefined
}

/** One call of a model, for metrics. */
export interface ModelCall {
  readonly model: string
  readonly outcome: 'ok' | 'failed'
  readonly durationMs: number
  readonly inputTokens?: number | undefined
  readonly outputTokens?: number | undefined
}

/** What drafting came to. */
export type Draft =
  | {
      readonly kind: 'sql'
      readonly sql: string
      /** How the question was read, in one or two sentences. */
      readonly explanation: string
      /** 0 to 1; what it means is up to the generator, which documents it. */
      readonly confidence: number
    }
  | {
      readonly kind: 'cannot'
      /** What to ask the person. */
      readonly ask: string
      readonly choices: readonly string[]
    }
