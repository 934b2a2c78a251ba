import { InputInvalidError } from '../errors/errors.ts'
import type { Message } from '../message/message.ts'
import type { SessionKey } from '../session/session.ts'
import type { SessionStore } from '../store/store.ts'
import { estimateTokens, type TokenCounter } from './token-counter.ts'

/** Options for {@link fitWindow} and {@link readWindow}. */
export interface WindowOptions {
  /** Tokens that the model reads and writes together. An integer from 1 up. */
  readonly maxTokens: number
  /**
   * Tokens to keep free for what is not in the session: instructions, the schema and the answer.
   * An integer from 0 up, below `maxTokens`.
   * @defaultValue a quarter of `maxTokens`
   */
  readonly reserveTokens?: number | undefined
  /**
   * Latest messages that are never left out. An integer from 0 up.
   * @defaultValue 2
   */
  readonly preserveRecent?: number | undefined
  /** @defaultValue {@link estimateTokens} */
  readonly countTokens?: TokenCounter | undefined
}

/** The part of a conversation that fits into a model. */
export interface ContextWindow {
  /** In the order in which they were said. */
  readonly messages: readonly Message[]
  /** Tokens of `messages`, four of each included for its role and its ends. */
  readonly tokens: number
  /** Whether messages that came before were left out. */
  readonly isCut: boolean
  /** Whether what must not be left out is already more than there is room for. */
  readonly isOverfull: boolean
}

const tokensPerMessage = 4
const pageSize = 100

/**
 * Chooses the latest messages that fit: `maxTokens` less `reserveTokens`.
 *
 * Messages are left out from the oldest on, without gaps, but for those of the system, which all
 * stay, and the latest `preserveRecent`. When these alone are too many, they are given all the
 * same and `isOverfull` says so: nobody's words are cut in the middle.
 *
 * @throws {@link InputInvalidError} when an option cannot be.
 *
 * @example
 * ```ts
 * import { fitWindow, memoryStore } from '@t2t/sessions'
 *
 * const store = memoryStore()
 * const { id } = await store.sessions.create({ owner: 'user-7' })
 * const said = await store.messages.list({ owner: 'user-7', id })
 * const { messages } = fitWindow(said, { maxTokens: 8_000, reserveTokens: 2_000 })
 * ```
 */
export function fitWindow(messages: readonly Message[], options: WindowOptions): ContextWindow {
  const room = roomOf(options)
  const { countTokens, preserveRecent } = room
  const costs = messages.map(({ content }) => countTokens(content) + tokensPerMessage)
  const isFixed = (index: number): boolean =>
    index >= messages.length - preserveRecent || messages[index]?.role === 'system'
  let tokens = costs.reduce((sum, cost, index) => (isFixed(index) ? sum + cost : sum), 0)
  const isOverfull = tokens > room.tokens

  let first = messages.length
  while (first > 0) {
    const cost = isFixed(first - 1) ? 0 : Number(costs[first - 1])
    if (cost > 0 && (isOverfull || tokens + cost > room.tokens)) break
    tokens += cost
    first -= 1
  }
  const chosen = messages.filter((_, index) => index >= first || isFixed(index))
  return { messages: chosen, tokens, isCut: chosen.length < messages.length, isOverfull }
}

/**
 * Reads the latest messages of a session that fit, as {@link fitWindow} chooses them.
 *
 * Reads back page by page, and no further than there is room; messages of the system that lie
 * further back are not found.
 *
 * @throws {@link InputInvalidError} when an option cannot be.
 * @throws `SessionNotFoundError` when there is no such session.
 */
export async function readWindow(
  store: Pick<SessionStore, 'messages'>,
  key: SessionKey,
  options: WindowOptions,
): Promise<ContextWindow> {
  roomOf(options)
  let said: readonly Message[] = []
  for (let before: number | undefined; ; before = said[0]?.sequence) {
    const page = await store.messages.list(key, { limit: pageSize, before })
    said = [...page, ...said]
    const window = fitWindow(said, options)
    if (window.isCut || page.length < pageSize) return window
  }
}

interface Room {
  readonly tokens: number
  readonly preserveRecent: number
  readonly countTokens: TokenCounter
}

function roomOf(options: WindowOptions): Room {
  const { maxTokens, preserveRecent = 2, countTokens = estimateTokens } = options
  checkInteger('maxTokens', maxTokens, 1)
  const { reserveTokens = Math.floor(maxTokens / 4) } = options
  checkInteger('reserveTokens', reserveTokens, 0)
  checkInteger('preserveRecent', preserveRecent, 0)
  if (reserveTokens >= maxTokens) {
    throw new InputInvalidError(
      'reserveTokens',
      `reserveTokens must be below maxTokens, got ${reserveTokens} of ${maxTokens}.`,
    )
  }
  return { tokens: maxTokens - reserveTokens, preserveRecent, countTokens }
}

function checkInteger(option: string, value: number, least: number): void {
  if (!Number.isInteger(value) || value < least) {
    throw new InputInvalidError(
      option,
      `${option} must be an integer from ${least} up, got ${value}.`,
    )
  }
}
