import type { TableRead } from '@t2t/sql-guard'
import type { Answer } from '../assistant/answer.ts'

/** An earlier question of a conversation, and how it was answered. Plain JSON; holds no rows. */
export interface ConversationTurn {
  readonly question: string
  /** The statement as it was drafted. */
  readonly sql: string
  readonly reads: readonly TableRead[]
}

/** How much of a conversation is used. */
export interface ConversationWindow {
  /**
   * Room for earlier turns and for what is kept free, in tokens of four characters. When they do not
   * fit, the oldest are summarised within a quarter of it.
   * @defaultValue 2000
   */
  readonly maxTokens?: number | undefined
  /**
   * Tokens of `maxTokens` that are kept free.
   * @defaultValue 0
   */
  readonly reserveTokens?: number | undefined
  /**
   * The newest turns that are used whether they fit or not.
   * @defaultValue 1
   */
  readonly preserveRecent?: number | undefined
}

/**
 * Makes a turn of an answer, for the next question of a conversation.
 *
 * @returns `undefined` when there were no rows: then there is nothing to follow.
 */
export function turnOf(answer: Answer): ConversationTurn | undefined {
  if (answer.kind !== 'answered' || answer.receipt === undefined) return undefined
  const { draft: sql, reads } = answer.receipt
  return { question: answer.question, sql, reads }
}
