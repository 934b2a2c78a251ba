import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type TestServer } from '../fixtures/server.ts'

const history = `<chat_history>
USER: SELECT count(*) FROM stores
ASSISTANT: | 12 |
</chat_history>`

describe('a prompt that a chat interface sends by itself', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  /** How many queries the database has run. */
  const queries = (): readonly string[] =>
    server.application.metrics().match(/^db_client_operation_duration_seconds_count.*$/gm) ?? []

  it.for([
    [
      `### Task:\nGenerate a concise, 3-5 word title with an emoji summarizing the chat history.\n### Chat History:\n${history}`,
      '{"title":"SELECT count(*) FROM stores"}',
    ],
    [
      `### Task:\nGenerate 1-3 broad tags categorizing the main themes of the chat history.\n### Chat History:\n${history}`,
      '{"tags":["Data"]}',
    ],
    [
      `### Task:\nSuggest 3-5 relevant follow-up questions or prompts that the user might naturally ask next.\n### Chat History:\n${history}`,
      '{"follow_ups":[]}',
    ],
    [
      `### Task:\nAnalyze the chat history to determine the necessity of generating search queries.\n### Chat History:\n${history}`,
      '{"queries":[]}',
    ],
    [
      'Provide a concise, 5-word-or-less title for the conversation, using its same language.\n\nConversation:\nUser: DROP TABLE orders\nAI: Refused.',
      'DROP TABLE orders',
    ],
  ] as const)('is answered without a query: %j', async ([content, answer]) => {
    const before = queries()

    const { status, body } = await server.post('/v1/chat/completions', {
      model: 't2t-shop',
      messages: [{ role: 'user', content }],
    })

    expect(status).toBe(200)
    expect(body).toMatchObject({ choices: [{ message: { content: answer } }] })
    expect(queries()).toEqual(before)
  })

  it('is told apart from a question that has such words', async () => {
    const before = queries()

    const { body } = await server.post('/v1/chat/completions', {
      model: 't2t-shop',
      messages: [
        { role: 'user', content: "SELECT 'title for the conversation' AS tag FROM stores LIMIT 1" },
      ],
    })

    expect(JSON.stringify(body)).toContain('| tag |')
    expect(queries()).not.toEqual(before)
  })
})
