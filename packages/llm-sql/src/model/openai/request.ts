import type { ModelCapabilities, ModelMessage, ModelRequest } from '../model.ts'

/** What a server takes. */
export interface RequestForm {
  readonly model: string
  readonly capabilities: ModelCapabilities
  readonly tokenLimitField: 'max_tokens' | 'max_completion_tokens'
  readonly takesTemperature: boolean
}

/** Writes the body of a chat completion. */
export function bodyOf(request: ModelRequest, form: RequestForm, stream: boolean): object {
  const { messages, maxOutputTokens, temperature = 0, json, tools = [] } = request
  const { model, capabilities, tokenLimitField, takesTemperature } = form
  return {
    model,
    messages: messages.map(messageOf),
    ...(takesTemperature ? { temperature } : {}),
    stream,
    ...(stream ? { stream_options: { include_usage: true } } : {}),
    ...(maxOutputTokens === undefined ? {} : { [tokenLimitField]: maxOutputTokens }),
    ...(json === undefined || capabilities.json !== true
      ? {}
      : {
          response_format: {
            type: 'json_schema',
            json_schema: { name: json.name, strict: true, schema: json.schema },
          },
        }),
    ...(tools.length === 0 || capabilities.tools !== true
      ? {}
      : {
          tools: tools.map(({ name, description, inputSchema }) => ({
            type: 'function',
            function: { name, description, parameters: inputSchema },
          })),
        }),
  }
}

function messageOf({ role, content, toolCalls = [], toolCall }: ModelMessage): object {
  if (role === 'tool') return { role, content, tool_call_id: toolCall?.id ?? '' }
  if (toolCalls.length === 0) return { role, content }
  return {
    role,
    content: content === '' ? null : content,
    tool_calls: toolCalls.map(({ id, name, input = {} }) => ({
      id,
      type: 'function',
      function: { name, arguments: JSON.stringify(input) },
    })),
  }
}
