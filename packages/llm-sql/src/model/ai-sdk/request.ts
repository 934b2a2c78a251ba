import type { ModelMessage, ModelRequest } from '../model.ts'
import type { AiSdkCallOptions } from './ai-sdk-model.ts'

/** Writes the options of a call. */
export function optionsOf(request: ModelRequest, abortSignal: AbortSignal): AiSdkCallOptions {
  const { messages, maxOutputTokens, temperature = 0, json, tools = [] } = request
  return {
    prompt: promptOf(messages),
    temperature,
    abortSignal,
    ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
    ...(json === undefined ? {} : { responseFormat: { type: 'json', ...json } }),
    ...(tools.length === 0 ? {} : { tools: tools.map((tool) => ({ type: 'function', ...tool })) }),
  }
}

/** All results of one reply stand in one message. */
function promptOf(messages: readonly ModelMessage[]): readonly object[] {
  const prompt: object[] = []
  let results: object[] | undefined
  for (const message of messages) {
    if (message.role !== 'tool') {
      prompt.push(messageOf(message))
      results = undefined
      continue
    }
    if (results === undefined) {
      results = []
      prompt.push({ role: 'tool', content: results })
    }
    results.push(resultOf(message))
  }
  return prompt
}

function resultOf({ content, toolCall }: ModelMessage): object {
  return {
    type: 'tool-result',
    toolCallId: toolCall?.id ?? '',
    toolName: toolCall?.name ?? '',
    output: { type: 'text', value: content },
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
      return { role, content: [resultOf({ role, content, toolCall })] }
  }
}
