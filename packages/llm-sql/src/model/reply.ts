import { ModelError } from '../errors/errors.ts'
import type { ModelReply, ModelToolCall } from './model.ts'

/** What was read of a reply, whoever gave it. */
export interface ReadReply {
  readonly text: string
  readonly finishReason: ModelReply['finishReason']
  readonly toolCalls: readonly ModelToolCall[]
  readonly inputTokens: number | undefined
  readonly outputTokens: number | undefined
}

/**
 * Makes a reply of what was read.
 *
 * @throws {@link ModelError} when there is neither text nor a call, and no refusal.
 */
export function replyOf(read: ReadReply): ModelReply {
  const { text, toolCalls, inputTokens, outputTokens } = read
  const isEmpty = text.trim() === '' && toolCalls.length === 0
  if (isEmpty && read.finishReason !== 'refused')
    throw invalidReply('The model gave an empty reply.')
  const finishReason =
    toolCalls.length > 0 && read.finishReason !== 'length' ? 'tool-calls' : read.finishReason
  return {
    text,
    finishReason,
    usage:
      inputTokens === undefined || outputTokens === undefined
        ? undefined
        : { inputTokens, outputTokens },
    ...(toolCalls.length === 0 ? {} : { toolCalls }),
  }
}

/** The error for a reply that cannot be used; another one may be better. */
export function invalidReply(message: string): ModelError {
  return new ModelError('LLM_SQL_MODEL_REPLY_INVALID', message, { retryable: true })
}

/** The error for a stream that ended before the reply did. */
export function cutOff(): ModelError {
  return invalidReply('The stream of the model ended before its reply did.')
}

/** Reads JSON; `undefined` when it is none. */
export function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** Reads the input of a tool call, which models write as JSON text or give as an object. */
export function inputOf(input: unknown): ModelToolCall['input'] {
  const value = typeof input === 'string' ? jsonOf(input === '' ? '{}' : input) : input
  const isObject = typeof value === 'object' && value !== null && !Array.isArray(value)
  return isObject && isShallow(value) ? Object.fromEntries(Object.entries(value)) : undefined
}

/** No tool takes more; what is deeper would exhaust the stack of whoever walks it. */
const maxDepth = 64

function isShallow(value: object): boolean {
  let level: readonly object[] = [value]
  for (let depth = 0; level.length > 0; depth++) {
    if (depth === maxDepth) return false
    level = level.flatMap((one) =>
      Object.values(one).filter((inner) => typeof inner === 'object' && inner !== null),
    )
  }
  return true
}
