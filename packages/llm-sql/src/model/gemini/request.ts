import type { ModelMessage, ModelRequest } from '../model.ts'

/** Writes the body of a request for content. */
export function bodyOf(request: ModelRequest): object {
  const { messages, maxOutputTokens, temperature = 0, json, tools = [] } = request
  const system = messages.filter(({ role }) => role === 'system').map(({ content }) => content)
  return {
    ...(system.length === 0
      ? {}
      : { systemInstruction: { parts: [{ text: system.join('\n\n') }] } }),
    contents: merged(messages.filter(({ role }) => role !== 'system')),
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

interface Content {
  readonly role: 'user' | 'model'
  readonly parts: object[]
}

/** All results of one reply must stand in one turn. */
function merged(messages: readonly ModelMessage[]): readonly Content[] {
  const contents: Content[] = []
  for (const message of messages) {
    const { role, parts } = contentOf(message)
    const last = contents.at(-1)
    if (last?.role === role) last.parts.push(...parts)
    else contents.push({ role, parts: [...parts] })
  }
  return contents
}

function contentOf({ role, content, toolCalls = [], toolCall }: ModelMessage): Content {
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
