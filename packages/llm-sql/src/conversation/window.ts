import type { Catalog, TableRead } from '@t2t/sql-guard'
import { OptionInvalidError } from '../errors/errors.ts'
import type { ModelCall } from '../generator/generator.ts'
import type { Model } from '../model/model.ts'
import { findColumn, findTable } from '../schema/find.ts'
import type { ConversationTurn, ConversationWindow } from './conversation.ts'
import { createSummarizer, plainSummary } from './summary.ts'

/** What of a conversation a question may follow. */
export interface ChosenTurns {
  /** The newest turns that fit, oldest first. */
  readonly turns: readonly ConversationTurn[]
  /** What the turns before them were about. Untrusted text; absent when all of them fit. */
  readonly summary?: string | undefined
}

/** Chooses what of a conversation a question may follow. */
export type TurnFilter = (
  turns: readonly ConversationTurn[],
  catalog: Catalog,
  options: TurnFilterOptions,
) => Promise<ChosenTurns>

/** What choosing may need. */
export interface TurnFilterOptions {
  readonly signal: AbortSignal
  /** Told about each call of a model. */
  readonly onModelCalled?: ((call: ModelCall) => void) | undefined
}

/**
 * Chooses the newest turns that fit, and summarises the others; a turn that reads what the caller
 * must not see leaves no trace.
 *
 * @throws {@link OptionInvalidError} at once, when a number is not an integer from 0 up.
 */
export function createTurnFilter(
  window: ConversationWindow = {},
  summarizeWith?: Model,
): TurnFilter {
  const { maxTokens = 2_000, reserveTokens = 0, preserveRecent = 1 } = window
  for (const [name, value] of Object.entries({ maxTokens, reserveTokens, preserveRecent })) {
    if (!Number.isInteger(value) || value < 0)
      throw new OptionInvalidError(`${name} must be an integer from 0 up, got ${value}.`)
  }
  const summarize = summarizeWith === undefined ? undefined : createSummarizer(summarizeWith)

  return async (turns, catalog, options) => {
    const visible = turns.filter(({ reads }) => isVisible(reads, catalog))
    const room = Math.max(0, maxTokens - reserveTokens)
    const needed = visible.reduce((sum, turn) => sum + tokensOf(turn), 0)
    if (needed <= room) return { turns: visible }
    const summaryRoom = Math.floor(room / 4)
    const kept = newest(visible, room - summaryRoom, preserveRecent)
    const older = visible.slice(0, visible.length - kept.length)
    const maxLength = summaryRoom * 4
    if (older.length === 0 || maxLength < minLength) return { turns: kept }
    const summary = await summarize?.(older, maxLength, options)
    return { turns: kept, summary: summary ?? plainSummary(older, maxLength) }
  }
}

/** A summary that is shorter says nothing. */
const minLength = 40

function newest(
  turns: readonly ConversationTurn[],
  room: number,
  preserveRecent: number,
): readonly ConversationTurn[] {
  const kept: ConversationTurn[] = []
  let left = room
  for (const turn of turns.toReversed()) {
    left -= tokensOf(turn)
    if (left < 0 && kept.length >= preserveRecent) break
    kept.push(turn)
  }
  return kept.toReversed()
}

function tokensOf({ question, sql }: ConversationTurn): number {
  return Math.ceil((question.length + sql.length) / 4)
}

function isVisible(reads: readonly TableRead[], catalog: Catalog): boolean {
  return reads.every(({ schema, table: name, columns }) => {
    const table = findTable(catalog, `${schema}.${name}`)
    return (
      table !== undefined && columns.every(({ column }) => findColumn(table, column) !== undefined)
    )
  })
}
