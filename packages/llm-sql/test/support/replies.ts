import type { Answering, ScriptedResponse } from './model-server.ts'

/** How a provider writes a reply, in one piece and as a stream. */
export interface ProviderReplies {
  readonly whole: (text: string, reason?: string) => string
  readonly streamed: (text: string, reason?: string) => string
  /** A reply that calls a tool. */
  readonly calling: (name: string, input: unknown) => string
  /** The same as a stream; several calls of one reply. */
  readonly streamedCalling: (name: string, ...inputs: readonly unknown[]) => string
}

const events = (...data: readonly unknown[]): string =>
  data.map((one) => `data: ${JSON.stringify(one)}\n\n`).join('')
const halves = (text: string): readonly [string, string] => [text.slice(0, 3), text.slice(3)]

export const openAiReplies: ProviderReplies = {
  whole: (content, reason = 'stop') =>
    JSON.stringify({
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content }, finish_reason: reason }],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    }),
  streamed: (text, reason = 'stop') => {
    const chunk = (delta: object, finish: string | null, usage?: object): object => ({
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta, finish_reason: finish }],
      ...(usage === undefined ? {} : { usage }),
    })
    const [first, second] = halves(text)
    return `: working\n\n${events(
      chunk({ role: 'assistant', content: first }, null),
      chunk({ content: second }, null),
      chunk({}, reason, { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 }),
    )}data: [DONE]\n\n`
  },
  streamedCalling: (name, ...inputs) => {
    const chunk = (delta: object, finish: string | null): object => ({
      id: 'c1',
      object: 'chat.completion.chunk',
      created: 1,
      model: 'm',
      choices: [{ index: 0, delta, finish_reason: finish }],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    })
    const call = (index: number, more: object): object =>
      chunk({ tool_calls: [{ index, ...more }] }, null)
    return `${events(
      chunk({ role: 'assistant', content: null }, null),
      ...inputs.flatMap((input, index) => {
        const [first, second] = halves(JSON.stringify(input))
        return [
          call(index, { id: `t${index}`, type: 'function', function: { name, arguments: '' } }),
          call(index, { function: { arguments: first } }),
          call(index, { function: { arguments: second } }),
        ]
      }),
      chunk({}, 'tool_calls'),
    )}data: [DONE]\n\n`
  },
  calling: (name, input) =>
    JSON.stringify({
      id: 'c1',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: null,
            tool_calls: [
              { id: 't1', type: 'function', function: { name, arguments: JSON.stringify(input) } },
            ],
          },
          finish_reason: 'tool_calls',
        },
      ],
      usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    }),
}

export const anthropicReplies: ProviderReplies = {
  whole: (text, reason = 'end_turn') =>
    JSON.stringify({
      type: 'message',
      content: [{ type: 'text', text }],
      stop_reason: reason,
      usage: { input_tokens: 5, cache_read_input_tokens: 6, output_tokens: 7 },
    }),
  streamed: (text, reason = 'end_turn') => {
    const [first, second] = halves(text)
    return events(
      { type: 'message_start', message: { usage: { input_tokens: 11, output_tokens: 1 } } },
      { type: 'content_block_start', index: 0, content_block: { type: 'text', text: '' } },
      { type: 'ping' },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: first } },
      { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: second } },
      { type: 'content_block_stop', index: 0 },
      { type: 'message_delta', delta: { stop_reason: reason }, usage: { output_tokens: 7 } },
      { type: 'message_stop' },
    )
  },
  streamedCalling: (name, ...inputs) =>
    events(
      { type: 'message_start', message: { usage: { input_tokens: 11, output_tokens: 1 } } },
      ...inputs.flatMap((input, index) => {
        const [first, second] = halves(JSON.stringify(input))
        const block = { type: 'tool_use', id: `t${index}`, name, input: {} }
        const delta = (json: string): object => ({
          type: 'content_block_delta',
          index,
          delta: { type: 'input_json_delta', partial_json: json },
        })
        return [
          { type: 'content_block_start', index, content_block: block },
          delta(first),
          delta(second),
          { type: 'content_block_stop', index },
        ]
      }),
      { type: 'message_delta', delta: { stop_reason: 'tool_use' }, usage: { output_tokens: 7 } },
      { type: 'message_stop' },
    ),
  calling: (name, input) =>
    JSON.stringify({
      type: 'message',
      content: [{ type: 'tool_use', id: 't1', name, input }],
      stop_reason: 'tool_use',
      usage: { input_tokens: 11, output_tokens: 7 },
    }),
}

const usageMetadata = { promptTokenCount: 11, candidatesTokenCount: 5, thoughtsTokenCount: 2 }
const candidate = (parts: readonly object[], finishReason?: string): object => ({
  candidates: [
    { content: { role: 'model', parts }, ...(finishReason === undefined ? {} : { finishReason }) },
  ],
})

export const geminiReplies: ProviderReplies = {
  whole: (text, reason = 'STOP') =>
    JSON.stringify({
      ...candidate([{ text: 'hm', thought: true }, { text }], reason),
      usageMetadata,
    }),
  streamed: (text, reason = 'STOP') => {
    const [first, second] = halves(text)
    return events(candidate([{ text: first }]), {
      ...candidate([{ text: second }], reason),
      usageMetadata,
    })
  },
  streamedCalling: (name, ...inputs) =>
    events(
      ...inputs.map((args) =>
        candidate([{ functionCall: { name, args }, thoughtSignature: 's1' }]),
      ),
      { ...candidate([], 'STOP'), usageMetadata },
    ),
  calling: (name, input) =>
    JSON.stringify({
      ...candidate([{ functionCall: { name, args: input }, thoughtSignature: 's1' }], 'STOP'),
      usageMetadata,
    }),
}

/** Answers each request in the way that it asks for. */
export function answering(replies: ProviderReplies, text: string): Answering {
  return (body, path): ScriptedResponse => {
    const isStreamed = body.includes('"stream":true') || path.includes('alt=sse')
    return isStreamed
      ? { headers: { 'content-type': 'text/event-stream' }, body: replies.streamed(text) }
      : { headers: { 'content-type': 'application/json' }, body: replies.whole(text) }
  }
}
