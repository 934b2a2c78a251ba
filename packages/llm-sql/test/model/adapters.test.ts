import { createOpenAICompatible as createV2 } from 'ai-sdk-openai-v2'
import { createOpenAICompatible as createV3 } from 'ai-sdk-openai-v3'
import { createOpenAICompatible as createV4 } from 'ai-sdk-openai-v4'
import { ModelError, type Model } from '@t2t/llm-sql'
import { aiSdkModel } from '@t2t/llm-sql/ai-sdk'
import { anthropicModel } from '@t2t/llm-sql/anthropic'
import { geminiModel } from '@t2t/llm-sql/gemini'
import { openAiModel } from '@t2t/llm-sql/openai'
import { modelContract } from '@t2t/llm-sql/testing'
import { describe, expect, it } from 'vitest'
import { createToolAgent } from '@t2t/llm-sql/tools'
import { startModelServer, type ScriptedResponse } from '../support/model-server.ts'
import { sourceOf, streaming, tool } from '../support/tools.ts'
import {
  answering,
  anthropicReplies,
  geminiReplies,
  openAiReplies,
  type ProviderReplies,
} from '../support/replies.ts'

const never = new AbortController().signal
const messages = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: 'private question' },
] as const
const model = 'm'

/** Each adapter, how it is made for a server, and how that server writes its replies. */
const adapters: readonly (readonly [string, (baseUrl: string) => Model, ProviderReplies])[] = [
  ['openai', (baseUrl) => openAiModel({ baseUrl, model, apiKey: 'k' }), openAiReplies],
  ['anthropic', (baseUrl) => anthropicModel({ baseUrl, model, apiKey: 'k' }), anthropicReplies],
  ['gemini', (baseUrl) => geminiModel({ baseUrl, model, apiKey: 'k' }), geminiReplies],
  [
    'ai-sdk v2',
    (baseURL) => aiSdkModel(createV2({ name: 'x', baseURL, includeUsage: true })(model)),
    openAiReplies,
  ],
  [
    'ai-sdk v3',
    (baseURL) => aiSdkModel(createV3({ name: 'x', baseURL, includeUsage: true })(model)),
    openAiReplies,
  ],
  [
    'ai-sdk v4',
    (baseURL) => aiSdkModel(createV4({ name: 'x', baseURL, includeUsage: true })(model)),
    openAiReplies,
  ],
]
const schema = { type: 'object', properties: { day: { type: 'string' } }, required: ['day'] }

function toolReply(replies: ProviderReplies, body: string, path: string): ScriptedResponse {
  const isStreamed = body.includes('"stream":true') || path.includes('alt=sse')
  return isStreamed
    ? {
        headers: { 'content-type': 'text/event-stream' },
        body: replies.streamedCalling('look', { day: 'x' }),
      }
    : {
        headers: { 'content-type': 'application/json' },
        body: replies.calling('look', { day: 'x' }),
      }
}

describe.for(adapters)('the adapter %s', ([, create, replies]) => {
  it.for(modelContract)('$promise', async ({ check }) => {
    await using server = await startModelServer(answering(replies, 'SELECT 1'))

    await expect(check(create(server.baseUrl))).resolves.toBeUndefined()
  })

  it('gives the same reply in one piece and as a stream', async () => {
    await using server = await startModelServer(answering(replies, 'SELECT 1'))
    const adapter = create(server.baseUrl)

    const whole = await adapter.complete({ messages, maxOutputTokens: 9 }, never)
    const parts = await Array.fromAsync(adapter.stream?.({ messages }, never) ?? [])

    expect(whole).toEqual({
      text: 'SELECT 1',
      finishReason: 'stop',
      usage: { inputTokens: 11, outputTokens: 7 },
    })
    expect(parts.map(({ kind }) => kind)).toEqual(['text', 'text', 'end'])
    expect(parts.at(-1)).toEqual({ kind: 'end', reply: whole })
  })

  it('hands on a call of a tool, and its result back', async () => {
    await using server = await startModelServer(
      {
        headers: { 'content-type': 'application/json' },
        body: replies.calling('look', { day: 1 }),
      },
      answering(replies, 'Done.'),
    )
    const adapter = create(server.baseUrl)
    const tools = [{ name: 'look', description: 'Looks.', inputSchema: schema }]

    const { finishReason, toolCalls = [] } = await adapter.complete({ messages, tools }, never)
    const results = toolCalls.map((toolCall) => ({ role: 'tool', content: '7', toolCall }) as const)
    const reply = await adapter.complete(
      { messages: [...messages, { role: 'assistant', content: '', toolCalls }, ...results], tools },
      never,
    )

    expect(finishReason).toBe('tool-calls')
    expect(toolCalls).toMatchObject([{ name: 'look', input: { day: 1 } }])
    expect(reply.text).toBe('Done.')
    expect(JSON.stringify(server.requests[0]?.body)).toContain('"description":"Looks."')
    expect(JSON.stringify(server.requests[1]?.body)).toMatch(
      /tool_call_id|tool_result|functionResponse/,
    )
  })

  it('gives several calls of one reply as a stream', async () => {
    await using server = await startModelServer({
      headers: { 'content-type': 'text/event-stream' },
      body: replies.streamedCalling('look', { day: 1 }, { day: 2 }),
    })
    const tools = [{ name: 'look', inputSchema: schema }]
    const stream = create(server.baseUrl).stream?.({ messages, tools }, never)

    const parts = await Array.fromAsync(stream ?? [])

    expect(parts).toMatchObject([
      {
        kind: 'end',
        reply: {
          finishReason: 'tool-calls',
          toolCalls: [
            { name: 'look', input: { day: 1 } },
            { name: 'look', input: { day: 2 } },
          ],
          usage: { inputTokens: 11, outputTokens: 7 },
        },
      },
    ])
  })

  it('gives the results of several calls of one reply back together', async () => {
    await using server = await startModelServer(answering(replies, 'Done.'))
    const toolCalls = [1, 2].map((day) => ({ id: `t${day}`, name: 'look', input: { day } }))
    const results = toolCalls.map(
      (toolCall) => ({ role: 'tool', content: `result ${toolCall.id}`, toolCall }) as const,
    )
    const tools = [{ name: 'look', inputSchema: schema }]

    await create(server.baseUrl).complete(
      { messages: [...messages, { role: 'assistant', content: '', toolCalls }, ...results], tools },
      never,
    )

    const body = server.requests[0]?.body
    const turns = Object(body)['contents'] ?? Object(body)['messages']
    const withResults = turns.filter((turn: unknown) => JSON.stringify(turn).includes('result t'))
    // The form of OpenAI has a message for each result.
    expect(withResults).toHaveLength(replies === openAiReplies ? 2 : 1)
    expect(JSON.stringify(withResults)).toMatch(/result t1.*result t2/)
  })

  it.for([
    ['in one piece', (adapter: Model) => adapter],
    ['as a stream', streaming],
  ] as const)('works with an agent that calls tools %s', async ([, shaped]) => {
    await using server = await startModelServer(
      (body, path) => toolReply(replies, body, path),
      answering(replies, 'It is Monday.'),
    )
    const look = tool('look', 'Monday', { inputSchema: schema })
    const adapter = shaped(create(server.baseUrl))

    const answer = await createToolAgent({ model: adapter, tools: [sourceOf(look)] }).ask('Day?')
      .answer

    expect(answer).toMatchObject({ kind: 'answered', text: 'It is Monday.', hops: 1 })
    expect(look.inputs).toEqual([{ day: 'x' }])
    expect(JSON.stringify(server.requests[1]?.body)).toContain('Monday')
  })

  it('sends the schema of the JSON that is wanted', async () => {
    await using server = await startModelServer(answering(replies, '{"day":"x"}'))

    const { text } = await create(server.baseUrl).complete(
      { messages, json: { name: 'answer', schema } },
      never,
    )

    expect(JSON.parse(text)).toEqual({ day: 'x' })
    expect(JSON.stringify(server.requests[0]?.body)).toMatch(/json_object|"required":\["day"\]/)
  })

  it('does not take a stream that is cut for a whole one', async () => {
    await using server = await startModelServer((body, path) => ({
      ...answering(replies, 'SELECT 1')(body, path),
      isCutOff: true,
    }))

    const failure = await Array.fromAsync(
      create(server.baseUrl).stream?.({ messages }, never) ?? [],
    ).catch((error: unknown) => error)

    expect(failure).toBeInstanceOf(ModelError)
    expect(failure).toMatchObject({ retryable: true })
  })

  it('waits as long as the server asks for, also in a stream', async () => {
    await using server = await startModelServer({
      status: 429,
      headers: { 'retry-after': '7' },
      body: '{"error":{"message":"private question"}}',
    })
    const adapter = create(server.baseUrl)

    const failures = [
      await adapter.complete({ messages }, never).catch((error: unknown) => error),
      await Array.fromAsync(adapter.stream?.({ messages }, never) ?? []).catch(
        (error: unknown) => error,
      ),
    ]

    const limited = { code: 'LLM_SQL_MODEL_RATE_LIMITED', retryable: true, retryAfterMs: 7_000 }
    expect(failures).toMatchObject([limited, limited])
    expect(String(failures[0])).not.toContain('private')
  })
})
