import { inputRequired, inputResponse, type McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

const personSchema = {
  type: 'object' as const,
  properties: {
    username: { type: 'string' as const, description: "User's response" },
    email: { type: 'string' as const, description: "User's email address" },
  },
  required: ['username', 'email'],
}

const defaultsSchema = {
  type: 'object' as const,
  properties: {
    name: { type: 'string' as const, default: 'John Doe' },
    age: { type: 'integer' as const, default: 30 },
    score: { type: 'number' as const, default: 95.5 },
    status: {
      type: 'string' as const,
      enum: ['active', 'inactive', 'pending'],
      default: 'active',
    },
    verified: { type: 'boolean' as const, default: true },
  },
}

const options = ['option1', 'option2', 'option3']
const titled = (ordinals: string) =>
  ['First', 'Second', 'Third'].map((ordinal, index) => ({
    const: `value${index + 1}`,
    title: `${ordinal} ${ordinals}`,
  }))

const enumsSchema = {
  type: 'object' as const,
  properties: {
    untitledSingle: { type: 'string' as const, enum: options },
    titledSingle: { type: 'string' as const, oneOf: titled('Option') },
    legacyEnum: {
      type: 'string' as const,
      enum: ['opt1', 'opt2', 'opt3'],
      enumNames: ['Option One', 'Option Two', 'Option Three'],
    },
    untitledMulti: { type: 'array' as const, items: { type: 'string' as const, enum: options } },
    titledMulti: { type: 'array' as const, items: { anyOf: titled('Choice') } },
  },
}

/** Adds the tools that ask a person or a model once, as clients of 2025-11-25 are asked. */
export function addAskingTools(server: McpServer): void {
  server.registerTool(
    'test_sampling',
    { description: 'Asks the model of the client.', inputSchema: z.object({ prompt: z.string() }) },
    ({ prompt }, { mcpReq }) => {
      const answer = inputResponse(mcpReq.inputResponses, 'model')
      if (answer.kind !== 'sampling') {
        const messages = [
          { role: 'user' as const, content: { type: 'text' as const, text: prompt } },
        ]
        const model = inputRequired.createMessage({ messages, maxTokens: 100 })
        return inputRequired({ inputRequests: { model } })
      }
      const { content } = answer.result
      const text = !Array.isArray(content) && content.type === 'text' ? content.text : ''
      return { content: [{ type: 'text', text: `LLM response: ${text}` }] }
    },
  )
  server.registerTool(
    'test_elicitation',
    { description: 'Asks a person.', inputSchema: z.object({ message: z.string() }) },
    ({ message }, { mcpReq }) => ask(message, personSchema, 'User response', mcpReq.inputResponses),
  )
  for (const [name, schema] of [
    ['test_elicitation_sep1034_defaults', defaultsSchema],
    ['test_elicitation_sep1330_enums', enumsSchema],
  ] as const) {
    server.registerTool(name, { description: 'Asks a person to fill in a form.' }, ({ mcpReq }) =>
      ask('Please fill in', schema, 'Elicitation completed', mcpReq.inputResponses),
    )
  }
}

function ask(
  message: string,
  requestedSchema: typeof personSchema | typeof defaultsSchema | typeof enumsSchema,
  prefix: string,
  responses: Record<string, unknown> | undefined,
) {
  const answer = inputResponse(responses, 'person')
  if (answer.kind !== 'elicit') {
    const person = inputRequired.elicit({ message, requestedSchema })
    return inputRequired({ inputRequests: { person } })
  }
  const said = `action=${answer.action}, content=${JSON.stringify(answer.content ?? {})}`
  return { content: [{ type: 'text' as const, text: `${prefix}: ${said}` }] }
}
