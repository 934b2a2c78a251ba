import * as z from 'zod/mini'
import type { ModelPart, ModelReply, ModelToolCall } from '../model.ts'
import { cutOff, inputOf, invalidReply, replyOf } from '../reply.ts'
import { errorOf } from './error.ts'

const usage = z.optional(z.looseObject({}))
/** A word in version 2, an object since. */
const reason = z.optional(z.union([z.string(), z.object({ unified: z.string() })]))
const piece = z.object({
  type: z.string(),
  text: z.optional(z.string()),
  delta: z.optional(z.string()),
  toolCallId: z.optional(z.string()),
  toolName: z.optional(z.string()),
  input: z.optional(z.unknown()),
  error: z.optional(z.unknown()),
  finishReason: reason,
  usage,
})
const generated = z.object({ content: z.array(piece), finishReason: reason, usage })

type Piece = z.output<typeof piece>

/**
 * Reads what a language model generated.
 *
 * @throws {@link ModelError} when it is of another form, or holds nothing.
 */
export function readReply(value: unknown): ModelReply {
  const parsed = generated.safeParse(value)
  if (!parsed.success) throw invalidReply('The language model gave something that is not a reply.')
  const { content, finishReason, usage: used } = parsed.data
  const text = content.map((one) => (one.type === 'text' ? (one.text ?? '') : '')).join('')
  return fold(text, content.flatMap(callOf), finishReason, used)
}

/**
 * Reads what a language model streams.
 *
 * @throws {@link ModelError} when a part is an error or the stream was cut.
 */
export async function* readStream(
  started: unknown,
  signal: AbortSignal,
): AsyncGenerator<ModelPart> {
  const calls: ModelToolCall[] = []
  let text = ''
  let end: Piece | undefined
  for await (const part of partsOf(started, signal)) {
    const parsed = piece.safeParse(part)
    if (!parsed.success) continue
    const one = parsed.data
    if (one.type === 'error') throw errorOf(one.error, signal)
    if (one.type === 'finish') end = one
    calls.push(...callOf(one))
    if (one.type !== 'text-delta' || one.delta === undefined || one.delta === '') continue
    text += one.delta
    yield { kind: 'text', text: one.delta }
  }
  if (end === undefined || ['interrupted', 'unknown'].includes(wordOf(end.finishReason)))
    throw cutOff()
  yield { kind: 'end', reply: fold(text, calls, end.finishReason, end.usage) }
}

/** The parts of a stream; what breaks it becomes an error of this package. */
async function* partsOf(started: unknown, signal: AbortSignal): AsyncGenerator<unknown> {
  const stream: unknown =
    typeof started === 'object' && started !== null && 'stream' in started
      ? started.stream
      : undefined
  if (!isIterable(stream))
    throw invalidReply('The language model gave something that is not a stream.')
  try {
    for await (const part of stream) yield part
  } catch (error) {
    throw errorOf(error, signal)
  }
}

function isIterable(value: unknown): value is AsyncIterable<unknown> {
  return typeof value === 'object' && value !== null && Symbol.asyncIterator in value
}

function fold(
  text: string,
  toolCalls: readonly ModelToolCall[],
  finishReason: z.output<typeof reason>,
  used: z.output<typeof usage>,
): ModelReply {
  return replyOf({
    text,
    finishReason: finishOf(wordOf(finishReason)),
    toolCalls,
    inputTokens: numberOf(used?.['inputTokens']),
    outputTokens: numberOf(used?.['outputTokens']),
  })
}

function callOf({ type, toolCallId, toolName = '', input }: Piece): ModelToolCall[] {
  if (type !== 'tool-call') return []
  return [{ id: toolCallId ?? '', name: toolName, input: inputOf(input) }]
}

/** A number in version 2, an object with a total since. */
function numberOf(value: unknown): number | undefined {
  if (typeof value === 'number') return value
  const total =
    typeof value === 'object' && value !== null && 'total' in value ? value.total : undefined
  return typeof total === 'number' ? total : undefined
}

function wordOf(value: z.output<typeof reason>): string {
  return typeof value === 'object' ? value.unified : (value ?? '')
}

function finishOf(word: string): ModelReply['finishReason'] {
  if (word === 'stop' || word === 'length' || word === 'tool-calls') return word
  return word === 'content-filter' ? 'refused' : 'other'
}
