import type { ModelMessage, ModelRequest } from '../model.ts'

/** Writes the body of a request for content. */
export function bodyOf(request: ModelRequest): object {
  const { messages, maxOutputTokens, temperature = 0, json, tools = [] } = request
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  return {
    ...(system.length === 0
      ? {}
      : { systemInstruction: { parts: [{ text: system.join('\n\n') }] } }),
    contents: messages.filter(({ role }) => role !== 'system').map(contentOf),
    generationConfig: {
      temperature,
      ...(maxOutputTokens === undefined ? {} : { maxOutputTokens }),
      ...(json === undefined
        ? {}
        : { responseMimeType: 'application/json', responseJsonSchema: json.schema }),
    },
    ...(tools.length === 0
      ? {}
      : {
          tools: [
            {
              functionDeclarations: tools.map(({ name, description, inputSchema }) => ({
                name,
                description,
                parametersJsonSchema: inputSchema,
              })),
            },
          ],
        }),
  }
}

function contentOf({ role, content, toolCalls = [], toolCall }: ModelMessage): object {
  if (role === 'tool') {
    const response = { name: toolCall?.name ?? '', response: { result: content } }
    return { role: 'user', parts: [{ functionResponse: response }] }
  }
  const calls = toolCalls.map(({ name, input = {}, opaque }) => ({
    functionCall: { name, args: input },
    ...(opaque === undefined ? {} : { thoughtSignature: opaque }),
  }))
  return {
    role: role === 'assistant' ? 'model' : 'user',
    parts: [...(content === '' && calls.length > 0 ? [] : [{ text: content }]), ...calls],
  }
}
