import * as z from 'zod/mini'
import { tokenCount } from '../count.ts'
import { errorInside } from '../http/status.ts'
import type { ModelReply, ModelToolCall } from '../model.ts'
import { inputOf, invalidReply, jsonOf, replyOf } from '../reply.ts'

const text = z.optional(z.nullable(z.string()))
const usage = z.optional(
  z.nullable(z.object({ prompt_tokens: tokenCount, completion_tokens: tokenCount })),
)
const call = z.object({
  index: tokenCount,
  id: text,
  function: z.optional(z.nullable(z.object({ name: text, arguments: z.optional(z.unknown()) }))),
})
const message = z.object({
  content: z.optional(
    z.nullable(z.union([z.string(), z.array(z.object({ text: z.optional(z.string()) }))])),
  ),
  refusal: text,
  tool_calls: z.optional(z.nullable(z.array(call))),
})
const part = z.optional(z.nullable(message))
const completion = z.object({
  error: z.optional(z.unknown()),
  choices: z.optional(
    z.nullable(z.array(z.object({ message: part, delta: part, finish_reason: text }))),
  ),
  usage,
})

/** A completion, or a piece of one. */
export type Completion = z.output<typeof completion>

/**
 * Reads the body of a completion or a chunk of a stream.
 *
 * @throws {@link ModelError} when it is neither, or holds an error.
 */
export function readCompletion(body: string): Completion {
  const parsed = completion.safeParse(jsonOf(body))
  if (!parsed.success)
    throw invalidReply('The model server answered with something that is not a completion.')
  const { error } = parsed.data
  if (error !== undefined && error !== null) throw errorInside(error)
  return parsed.data
}

/**
 * Reads the body of a chat completion.
 *
 * @throws {@link ModelError} when it is not JSON, holds an error, has no choice or no content.
 */
export function readReply(body: string): ModelReply {
  const read = readCompletion(body)
  const choice = read.choices?.[0]
  if (choice === undefined) throw invalidReply('The model server gave no choice.')
  const { message: said, finish_reason: reason } = choice
  return replyOf({
    text: textOf(said),
    finishReason: finishOf(reason, said?.refusal, textOf(said)),
    toolCalls: (said?.tool_calls ?? []).map(({ id, function: called }, at) =>
      toolCall(id, called?.name, called?.arguments, at),
    ),
    inputTokens: read.usage?.prompt_tokens,
    outputTokens: read.usage?.completion_tokens,
  })
}

/** The text of a message or of a piece of one. */
export function textOf(said: z.output<typeof part>): string {
  const content = said?.content
  return typeof content === 'string'
    ? content
    : (content ?? []).map((one) => one.text ?? '').join('')
}

/** Says why a reply ended. */
export function finishOf(
  reason: string | null | undefined,
  refusal: string | null | undefined,
  content: string,
): ModelReply['finishReason'] {
  if (reason === 'content_filter' || (content === '' && typeof refusal === 'string'))
    return 'refused'
  if (reason === 'stop' || reason === 'length') return reason
  return reason === 'tool_calls' || reason === 'function_call' ? 'tool-calls' : 'other'
}

/** A call that the model wants; servers leave out ids. */
export function toolCall(
  id: string | null | undefined,
  name: string | null | undefined,
  input: unknown,
  at: number,
): ModelToolCall {
  const given = id === undefined || id === null || id === '' ? `call_${at + 1}` : id
  return { id: given, name: name ?? '', input: inputOf(input ?? '') }
}
