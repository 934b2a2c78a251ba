import type { ModelMessage, ModelRequest } from '../model.ts'
import type { AiSdkCallOptions } from './ai-sdk-model.ts'

/** Writes the options of a call. */
export function optionsOf(request: ModelRequest, abortSignal: AbortSignal): AiSdkCallOptions {
  const { messages, maxOutputTokens, temperature = 0, json, tools = [] } = request
  return {
    prompt: messages.map(messageOf),
    temperature,
    abortSignal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(json === undefined ? {} : { responseFormat: { type: 'json', ...json } }),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: 'function', ...tool })) }),
  }
}

function messageOf({ role, content, toolCalls = [], toolCall }: ModelMessage): object {
  switch (role) {
    case 'system':
      return { role, content }
    case 'user':
      return { role, content: [{ type: 'text', text: content }] }
    case 'assistant':
      return {
        role,
        content: [
          ...(content === '' ? [] : [{ type: 'text', text: content }]),
          ...toolCalls.map(({ id, name, input = {} }) => ({
            type: 'tool-call',
            toolCallId: id,
            toolName: name,
            input,
          })),
        ],
      }
    case 'tool':
      return {
        role,
        content: [
          {
            type: 'tool-result',
            toolCallId: toolCall?.id ?? '',
            toolName: toolCall?.name ?? '',
            output: { type: 'text', value: content },
          },
        ],
      }
  }
}
