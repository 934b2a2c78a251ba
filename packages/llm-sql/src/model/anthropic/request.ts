import type { ModelMessage, ModelRequest } from '../model.ts'

/** Writes the body of a message request. */
export function bodyOf(
  model: string,
  request: ModelRequest,
  takesTemperature: boolean,
  stream: boolean,
): object {
  const { messages, maxOutputTokens = 1_024, temperature = 0, json, tools = [] } = request
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  const offered = [
    ...tools.map(({ name, description, inputSchema }) => ({
      name,
      description,
      input_schema: inputSchema,
    })),
    ...(json === undefined ? [] : [{ name: json.name, input_schema: json.schema }]),
  ]
  return {
    model,
    max_tokens: maxOutputTokens,
    ...(takesTemperature ? { temperature } : {}),
    stream,
    ...(system.length === 0
      ? {}
      : {
          system: [
            { type: 'text', text: system.join('\n\n'), cache_control: { type: 'ephemeral' } },
          ],
        }),
    messages: merged(messages.filter(({ role }) => role !== 'system')),
    ...(offered.length === 0 ? {} : { tools: offered }),
    ...(json === undefined || tools.length > 0
      ? {}
      : { tool_choice: { type: 'tool', name: json.name } }),
  }
}

interface Turn {
  readonly role: 'user' | 'assistant'
  readonly content: object[]
}

/** Results of tools belong to the person, and all results of one reply into one turn. */
function merged(messages: readonly ModelMessage[]): readonly Turn[] {
  const turns: Turn[] = []
  for (const message of messages) {
    const role = message.role === 'assistant' ? 'assistant' : 'user'
    const last = turns.at(-1)
    if (last?.role === role) last.content.push(...blocksOf(message))
    else turns.push({ role, content: [...blocksOf(message)] })
  }
  return turns
}

function blocksOf({ role, content, toolCalls = [], toolCall }: ModelMessage): readonly object[] {
  if (role === 'tool') return [{ type: 'tool_result', tool_use_id: toolCall?.id ?? '', content }]
  return [
    ...(content === '' ? [] : [{ type: 'text', text: content }]),
    ...toolCalls.map(({ id, name, input = {} }) => ({ type: 'tool_use', id, name, input })),
  ]
}
