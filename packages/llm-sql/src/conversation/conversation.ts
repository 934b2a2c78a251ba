import type { Catalog, TableRead } from '@t2t/sql-guard'
import type { Answer } from '../assistant/answer.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { findColumn, findTable } from '../schema/find.ts'

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
   * Room for earlier turns and for what is kept free, in tokens of four characters.
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

/** Chooses the turns that a question may follow. */
export type TurnFilter = (
  turns: readonly ConversationTurn[],
  catalog: Catalog,
) => readonly ConversationTurn[]

/**
 * Chooses the newest turns that fit, in their order; a turn that reads what the caller must not
 * see leaves no trace.
 *
 * @throws {@link OptionInvalidError} at once, when a number is not an integer from 0 up.
 */
export function createTurnFilter(window: ConversationWindow = {}): TurnFilter {
  const { maxTokens = 2_000, reserveTokens = 0, preserveRecent = 1 } = window
  for (const [name, value] of Object.entries({ maxTokens, reserveTokens, preserveRecent })) {
    if (!Number.isInteger(value) || value < 0)
      throw new OptionInvalidError(`${name} must be an integer from 0 up, got ${value}.`)
  }
  return (turns, catalog) => {
    const kept: ConversationTurn[] = []
    let left = maxTokens - reserveTokens
    for (const turn of turns.filter(({ reads }) => isVisible(reads, catalog)).toReversed()) {
      left -= Math.ceil((turn.question.length + turn.sql.length) / 4)
      if (left < 0 && kept.length >= preserveRecent) break
      kept.push(turn)
    }
    return kept.toReversed()
  }
}

function isVisible(reads: readonly TableRead[], catalog: Catalog): boolean {
  return reads.every(({ schema, table: name, columns }) => {
    const table = findTable(catalog, `${schema}.${name}`)
    return (
      table !== undefined && columns.every(({ column }) => findColumn(table, column) !== undefined)
    )
  })
}
