import type { MissingSource } from '../assistant/answer.ts'
import type { CallOutcome } from './events.ts'
import type { RefusalReason } from './taint.ts'

/** How a question to an agent ended. */
export type ToolAnswer = AnsweredWithTools | DeclinedWithTools | FailedWithTools

/** What every answer tells. */
export interface ToolAnswerBase {
  readonly question: string
  /** Every call that the model wanted, in order. */
  readonly calls: readonly MadeCall[]
  /** Replies with calls that were worked on. */
  readonly hops: number
  /** Where untrusted text came from that the model read; empty when there was none. */
  readonly taintedBy: readonly string[]
  /** Where all text came from that tools gave, also what somebody vouches for. */
  readonly readFrom: readonly string[]
  /** Servers that did not list their tools. */
  readonly missing: readonly MissingSource[]
  readonly usage: ToolUsage
}

/** The model answered. */
export interface AnsweredWithTools extends ToolAnswerBase {
  readonly kind: 'answered'
  /** Untrusted when `taintedBy` is not empty; then it holds no address that the person did not write. */
  readonly text: string
  /** Whether the reply was cut off at its limit. */
  readonly isTruncated: boolean
}

/** The model declined. */
export interface DeclinedWithTools extends ToolAnswerBase {
  readonly kind: 'declined'
}

/** There is no answer. */
export interface FailedWithTools extends ToolAnswerBase {
  readonly kind: 'failed'
  /** Stable; says what failed even when the message is reworded. */
  readonly code: 'model-failed' | 'tools-missing' | 'hops-exhausted' | 'no-progress' | 'timed-out'
  readonly message: string
}

/** A call that a model wanted. */
export interface MadeCall {
  readonly hop: number
  readonly tool: string
  /** Absent when there is no such tool. */
  readonly origin?: string | undefined
  readonly outcome: CallOutcome
  readonly reason?: RefusalReason | undefined
  readonly durationMs: number
}

/** What a run took. */
export interface ToolUsage {
  readonly modelCalls: number
  /** As far as the model told. */
  readonly inputTokens: number
  readonly outputTokens: number
}

/** An earlier question to an agent. Plain JSON. */
export interface ToolTurn {
  readonly question: string
  readonly text: string
  readonly taintedBy: readonly string[]
  readonly readFrom: readonly string[]
}

/**
 * Makes a turn of an answer, for the next question.
 *
 * @returns `undefined` when the model did not answer.
 */
export function toolTurnOf(answer: ToolAnswer): ToolTurn | undefined {
  if (answer.kind !== 'answered') return undefined
  const { question, text, taintedBy, readFrom } = answer
  return { question, text, taintedBy, readFrom }
}
