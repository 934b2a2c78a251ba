import * as z from 'zod/mini'
import { tokenCount } from '../count.ts'
import { errorInside } from '../http/status.ts'
import type { ModelPart, ModelReply, ModelToolCall } from '../model.ts'
import { cutOff, inputOf, invalidReply, jsonOf, replyOf } from '../reply.ts'

const part = z.object({
  text: z.optional(z.string()),
  thought: z.optional(z.boolean()),
  thoughtSignature: z.optional(z.string()),
  functionCall: z.optional(
    z.object({
      id: z.optional(z.string()),
      name: z.optional(z.string()),
      args: z.optional(z.unknown()),
    }),
  ),
})
const response = z.object({
  error: z.optional(z.unknown()),
  candidates: z.optional(
    z.array(
      z.object({
        content: z.optional(z.object({ parts: z.optional(z.array(part)) })),
        finishReason: z.optional(z.string()),
      }),
    ),
  ),
  promptFeedback: z.optional(z.object({ blockReason: z.optional(z.string()) })),
  usageMetadata: z.optional(
    z.object({
      promptTokenCount: tokenCount,
      candidatesTokenCount: tokenCount,
      thoughtsTokenCount: tokenCount,
    }),
  ),
})

type Response = z.output<typeof response>

function read(body: string): Response {
  const parsed = response.safeParse(jsonOf(body))
  if (!parsed.success)
    throw invalidReply('The model server answered with something that is not a response.')
  const { error } = parsed.data
  if (error !== undefined && error !== null) throw errorInside(error)
  return parsed.data
}

/**
 * Reads the body of a response.
 *
 * @throws {@link ModelError} when it is not a response, holds an error or nothing.
 */
export function readReply(body: string): ModelReply {
  return fold([read(body)])
}

/**
 * Reads a streamed response.
 *
 * @throws {@link ModelError} when an event holds an error, is not one, or the stream was cut.
 */
export async function* readStream(events: AsyncIterable<string>): AsyncGenerator<ModelPart> {
  const all: Response[] = []
  for await (const data of events) {
    const one = read(data)
    all.push(one)
    const text = textOf(one)
    if (text !== '') yield { kind: 'text', text }
  }
  if (reasonOf(all) === undefined) throw cutOff()
  yield { kind: 'end', reply: fold(all) }
}

function fold(all: readonly Response[]): ModelReply {
  const usage = all.findLast(({ usageMetadata }) => usageMetadata !== undefined)?.usageMetadata
  const { promptTokenCount, candidatesTokenCount, thoughtsTokenCount = 0 } = usage ?? {}
  return replyOf({
    text: all.map(textOf).join(''),
    finishReason: finishOf(reasonOf(all)),
    toolCalls: all.flatMap(partsOf).flatMap(callOf).map(numbered),
    inputTokens: promptTokenCount,
    outputTokens:
      candidatesTokenCount === undefined ? undefined : candidatesTokenCount + thoughtsTokenCount,
  })
}

function partsOf({ candidates }: Response): readonly z.output<typeof part>[] {
  return candidates?.[0]?.content?.parts ?? []
}

function textOf(one: Response): string {
  return partsOf(one)
    .map(({ text = '', thought = false }) => (thought ? '' : text))
    .join('')
}

function callOf({ functionCall, thoughtSignature }: z.output<typeof part>): ModelToolCall[] {
  if (functionCall === undefined) return []
  const { id = '', name = '', args = {} } = functionCall
  return [
    {
      id,
      name,
      input: inputOf(args),
      ...(thoughtSignature === undefined ? {} : { opaque: thoughtSignature }),
    },
  ]
}

function numbered(call: ModelToolCall, at: number): ModelToolCall {
  return call.id === '' ? { ...call, id: `call_${at + 1}` } : call
}

function reasonOf(all: readonly Response[]): string | undefined {
  for (const { candidates, promptFeedback } of all.toReversed()) {
    const reason = candidates?.[0]?.finishReason ?? promptFeedback?.blockReason
    if (reason !== undefined) return reason
  }
  return undefined
}

const refusals: ReadonlySet<string> = new Set([
  'SAFETY',
  'BLOCKLIST',
  'PROHIBITED_CONTENT',
  'RECITATION',
  'SPII',
])

function finishOf(reason: string | undefined): ModelReply['finishReason'] {
  if (reason === 'STOP') return 'stop'
  if (reason === 'MAX_TOKENS') return 'length'
  return reason !== undefined && refusals.has(reason) ? 'refused' : 'other'
}
