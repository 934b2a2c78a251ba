import * as z from 'zod/mini'
import { tokenCount } from '../count.ts'
import { errorInside } from '../http/status.ts'
import type { ModelPart, ModelReply, ModelToolCall } from '../model.ts'
import { cutOff, inputOf, invalidReply, jsonOf, replyOf } from '../reply.ts'

const usage = z.optional(
  z.nullable(
    z.object({
      input_tokens: tokenCount,
      cache_read_input_tokens: tokenCount,
      cache_creation_input_tokens: tokenCount,
      output_tokens: tokenCount,
    }),
  ),
)
const block = z.object({
  type: z.optional(z.string()),
  text: z.optional(z.string()),
  id: z.optional(z.string()),
  name: z.optional(z.string()),
  input: z.optional(z.unknown()),
})
const message = z.object({
  type: z.optional(z.string()),
  error: z.optional(z.unknown()),
  content: z.optional(z.nullable(z.array(block))),
  stop_reason: z.optional(z.nullable(z.string())),
  usage,
})
const event = z.object({
  type: z.string(),
  error: z.optional(z.unknown()),
  index: tokenCount,
  message: z.optional(z.object({ usage })),
  content_block: z.optional(block),
  delta: z.optional(
    z.object({
      text: z.optional(z.string()),
      partial_json: z.optional(z.string()),
      stop_reason: z.optional(z.nullable(z.string())),
    }),
  ),
  usage,
})

type Usage = z.output<typeof usage>
interface OpenBlock {
  readonly block: z.output<typeof block>
  text: string
  input: string
}

/**
 * Reads the body of a message. The input of the tool `jsonTool` is the text of the reply.
 *
 * @throws {@link ModelError} when it is not a message, holds an error or nothing.
 */
export function readReply(body: string, jsonTool: string | undefined): ModelReply {
  const parsed = message.safeParse(jsonOf(body))
  if (!parsed.success)
    throw invalidReply('The model server answered with something that is not a message.')
  const { type, error, content, stop_reason: reason, usage: used } = parsed.data
  if (type === 'error' || (error !== undefined && error !== null)) throw errorInside(error)
  const blocks = (content ?? []).map((one) => ({ ...one, input: inputOf(one.input) }))
  return fold(blocks, reason, used, jsonTool)
}

type Folded = Omit<z.output<typeof block>, 'input'> & { readonly input: ModelToolCall['input'] }

function fold(
  blocks: readonly Folded[],
  reason: string | null | undefined,
  used: Usage,
  jsonTool: string | undefined,
): ModelReply {
  const called = blocks.filter(({ type }) => type === 'tool_use')
  const json = called.find(({ name }) => name !== undefined && name === jsonTool)
  const said = blocks.map(({ type, text = '' }) => (type === 'text' ? text : '')).join('')
  const input =
    used?.input_tokens === undefined
      ? undefined
      : used.input_tokens +
        (used.cache_read_input_tokens ?? 0) +
        (used.cache_creation_input_tokens ?? 0)
  return replyOf({
    text: json?.input === undefined ? said : JSON.stringify(json.input),
    finishReason: json !== undefined && reason === 'tool_use' ? 'stop' : finishOf(reason),
    toolCalls: called
      .filter((one) => one !== json)
      .map(({ id, name = '', input: given }, at) => ({
        id: id ?? `call_${at + 1}`,
        name,
        input: given,
      })),
    inputTokens: input,
    outputTokens: used?.output_tokens,
  })
}

/**
 * Reads a streamed message.
 *
 * @throws {@link ModelError} when an event holds an error, is not one, or the stream was cut.
 */
export async function* readStream(
  events: AsyncIterable<string>,
  jsonTool: string | undefined,
): AsyncGenerator<ModelPart> {
  const blocks = new Map<number, OpenBlock>()
  let reason: string | null | undefined
  let used: Usage
  for await (const data of events) {
    const parsed = event.safeParse(jsonOf(data))
    if (!parsed.success) throw invalidReply('The model server sent something that is not an event.')
    const { type, error, index = 0, message: started, content_block: begun, delta } = parsed.data
    if (type === 'error') throw errorInside(error)
    used = { ...used, ...defined(started?.usage), ...defined(parsed.data.usage) }
    reason = delta?.stop_reason ?? reason
    if (begun !== undefined) blocks.set(index, { block: begun, text: begun.text ?? '', input: '' })
    const open = blocks.get(index)
    if (open !== undefined) {
      open.text += delta?.text ?? ''
      open.input += delta?.partial_json ?? ''
    }
    const text = begun?.text ?? delta?.text ?? ''
    if (text !== '' && open?.block.type === 'text') yield { kind: 'text', text }
  }
  if (reason === undefined || reason === null) throw cutOff()
  const folded = [...blocks.values()].map(({ block: begun, text, input }) => ({
    ...begun,
    text,
    input: inputOf(input === '' ? (begun.input ?? {}) : input),
  }))
  const reply = fold(folded, reason, used, jsonTool)
  if (reply.text !== '' && folded.every(({ text }) => text === ''))
    yield { kind: 'text', text: reply.text }
  yield { kind: 'end', reply }
}

/** Later events repeat some counts and leave out others. */
function defined(given: Usage): Usage {
  return Object.fromEntries(Object.entries(given ?? {}).filter(([, value]) => value !== undefined))
}

function finishOf(reason: string | null | undefined): ModelReply['finishReason'] {
  switch (reason) {
    case 'end_turn':
    case 'stop_sequence':
      return 'stop'
    case 'max_tokens':
    case 'model_context_window_exceeded':
      return 'length'
    case 'refusal':
      return 'refused'
    case 'tool_use':
      return 'tool-calls'
    default:
      return 'other'
  }
}
