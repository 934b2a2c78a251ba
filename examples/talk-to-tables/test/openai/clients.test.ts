import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, streamText } from 'ai'
import OpenAI from 'openai'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelServer, type ModelServer } from '../fixtures/model-server.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

const question = 'how many stores do we run'
const sql = { text: '```sql\nSELECT count(*) AS stores FROM stores\n```' }
const row = '| 12 |'

describe('real clients', () => {
  let model: ModelServer
  let server: TestServer
  beforeAll(async () => {
    model = await startModelServer()
    server = await startServer({ environment: model.environment, keepAliveMs: 5 })
  })
  afterAll(async () => {
    await server[Symbol.asyncDispose]()
    await model[Symbol.asyncDispose]()
  })

  describe('openai', () => {
    const messages = [{ role: 'user' as const, content: question }]
    const client = (): OpenAI =>
      new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 })

    it('lists models', async () => {
      const { data } = await client().models.list()

      expect(data.map(({ id }) => id)).toEqual(['t2t-shop'])
    })

    it('completes, with the tokens that the model behind the server used', async () => {
      model.script(sql)

      const completion = await client().chat.completions.create({ model: 't2t-shop', messages })

      expect(completion.choices[0]?.message.content).toContain(row)
      expect(completion.usage).toMatchObject({ prompt_tokens: 120, completion_tokens: 8 })
      expect(completion._request_id).toMatch(/^req_/)
    })

    it('streams with usage', async () => {
      model.script(sql)
      const stream = client().chat.completions.stream({
        model: 't2t-shop',
        messages,
        stream_options: { include_usage: true },
      })

      const { choices, usage } = await stream.finalChatCompletion()

      expect(choices[0]).toMatchObject({ finish_reason: 'stop' })
      expect(choices[0]?.message.content).toContain(row)
      expect(usage).toMatchObject({ total_tokens: 128 })
    })

    it('reads errors from before the first byte', async () => {
      const failure = await client()
        .chat.completions.create({ model: 'gpt-x', messages })
        .catch((error: unknown) => error)

      expect(failure).toBeInstanceOf(OpenAI.NotFoundError)
      expect(failure).toMatchObject({ code: 'model_not_found', type: 'invalid_request_error' })
    })

    it('reads errors from the middle of a stream', async () => {
      model.script({ status: 400 })
      const stream = client().chat.completions.stream({ model: 't2t-shop', messages })

      const failure = await stream.done().catch((error: unknown) => error)

      expect(failure).toMatchObject({ code: 'model_failed', message: expect.stringMatching(/./) })
    })

    it('ends the work behind it when it breaks out of a stream', async () => {
      model.script('silence')
      const [arrived, left] = [model.arrived(), model.left()]
      const stream = await client().chat.completions.create({
        model: 't2t-shop',
        messages,
        stream: true,
      })
      await arrived

      for await (const { choices } of stream) if (choices[0]?.delta.role === 'assistant') break

      await expect(left).resolves.toBeUndefined()
    })
  })

  describe('the AI SDK', () => {
    const chat = (id = 't2t-shop'): ReturnType<ReturnType<typeof createOpenAICompatible>> =>
      createOpenAICompatible({ name: 't2t', baseURL: `${server.url}/v1` })(id)

    it('generates text', async () => {
      model.script(sql)

      const { text, finishReason, usage } = await generateText({ model: chat(), prompt: question })

      expect(text).toContain(row)
      expect(finishReason).toBe('stop')
      expect(usage).toMatchObject({ inputTokens: 120, outputTokens: 8 })
    })

    it('streams text', async () => {
      model.script(sql)
      const { textStream, finishReason } = streamText({ model: chat(), prompt: question })

      let text = ''
      for await (const part of textStream) text += part

      expect(text).toContain(row)
      expect(await finishReason).toBe('stop')
    })

    it('reads errors', async () => {
      const failure = await generateText({
        model: chat('gpt-x'),
        prompt: question,
        maxRetries: 0,
      }).catch((error: unknown) => error)

      expect(failure).toMatchObject({
        statusCode: 404,
        message: expect.stringContaining('no such model'),
      })
    })
  })

  describe('ChatOpenAI of LangChain', () => {
    const chat = (): ChatOpenAI =>
      new ChatOpenAI({
        model: 't2t-shop',
        apiKey: 'none',
        maxRetries: 0,
        configuration: { baseURL: `${server.url}/v1` },
      })

    it('invokes', async () => {
      model.script(sql)

      const { content, usage_metadata: usage } = await chat().invoke(question)

      expect(content).toContain(row)
      expect(usage).toMatchObject({ input_tokens: 120, output_tokens: 8 })
    })

    it('streams', async () => {
      model.script(sql)

      let text = ''
      for await (const { text: piece } of await chat().stream(question)) text += piece

      expect(text).toContain(row)
    })
  })
})
