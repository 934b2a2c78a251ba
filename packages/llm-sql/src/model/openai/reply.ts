import {
  array,
  catch as fallback,
  nullable,
  number,
  object,
  optional,
  string,
  union,
  unknown,
} from 'zod/mini'
import { ModelError } from '../../errors/errors.ts'
import type { ModelReply } from '../model.ts'
import { errorForStatus } from './status.ts'

const part = object({ text: optional(string()) })
const tokens = fallback(optional(number()), undefined)
const completion = object({
  error: optional(unknown()),
  choices: optional(
    nullable(
      array(
        object({
          message: optional(
            nullable(
              object({
                content: optional(nullable(union([string(), array(part)]))),
                refusal: optional(nullable(string())),
              }),
            ),
          ),
          finish_reason: optional(nullable(string())),
        }),
      ),
    ),
  ),
  usage: optional(nullable(object({ prompt_tokens: tokens, completion_tokens: tokens }))),
})

/**
 * Reads the body of a chat completion.
 *
 * @throws {@link ModelError} when it is not JSON, holds an error, has no choice or no content.
 */
export function readReply(body: string): ModelReply {
  const parsed = completion.safeParse(jsonOf(body))
  if (!parsed.success)
    throw invalid('The model server answered with something that is not a completion.')
  const { error, choices, usage } = parsed.data
  if (error !== undefined && error !== null) throw errorInside(error)
  const choice = choices?.[0]
  if (choice === undefined) throw invalid('The model server gave no choice.')
  const { message, finish_reason: reason } = choice
  const content = message?.content
  const text =
    typeof content === 'string' ? content : (content ?? []).map((one) => one.text ?? '').join('')
  const isRefused =
    reason === 'content_filter' || (text === '' && typeof message?.refusal === 'string')
  if (text.trim() === '' && !isRefused) throw invalid('The model gave an empty reply.')
  const { prompt_tokens: inputTokens, completion_tokens: outputTokens } = usage ?? {}
  return {
    text,
    finishReason: isRefused
      ? 'refused'
      : reason === 'stop'
        ? 'stop'
        : reason === 'length'
          ? 'length'
          : 'other',
    usage:
      inputTokens === undefined || outputTokens === undefined
        ? undefined
        : { inputTokens, outputTokens },
  }
}

function jsonOf(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** Some servers put an error with its status into a reply of status 200. */
function errorInside(error: unknown): ModelError {
  const code =
    typeof error === 'object' && error !== null && 'code' in error ? Number(error.code) : Number.NaN
  return Number.isInteger(code) && code >= 400 && code <= 599
    ? errorForStatus(code, null)
    : new ModelError('LLM_SQL_MODEL_REJECTED', 'The model server answered with an error.', {
        retryable: false,
      })
}

function invalid(message: string): ModelError {
  return new ModelError('LLM_SQL_MODEL_REPLY_INVALID', message, { retryable: true })
}
