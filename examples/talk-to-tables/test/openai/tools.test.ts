import { createOpenAICompatible } from '@ai-sdk/openai-compatible'
import { ChatOpenAI } from '@langchain/openai'
import { generateText, jsonSchema, stepCountIs, tool } from 'ai'
import OpenAI from 'openai'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { startModelServer, type ModelServer } from '../fixtures/model-server.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

const sql = { text: '```sql\nSELECT count(*) AS stores FROM stores\n```' }
const parameters = {
  type: 'object' as const,
  properties: { to: { type: 'string' as const } },
  required: ['to'],
}
const mail = {
  type: 'function' as const,
  function: { name: 'send_mail', description: 'Sends a mail.', parameters },
}
const messages = [{ role: 'user' as const, content: 'mail the number of stores to Ada' }]

let model: ModelServer
let server: TestServer
let client: OpenAI
beforeAll(async () => {
  model = await startModelServer()
  server = await startServer({ environment: model.environment, keepAliveMs: 5 })
  client = new OpenAI({ baseURL: `${server.url}/v1`, apiKey: 'none', maxRetries: 0 })
})
beforeEach(() => void model.requests.splice(0))
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await model[Symbol.asyncDispose]()
})

/** The model asks the database, is told a number, and then calls the client's tool. */
const scripted = () =>
  model.script(
    { calls: [{ name: 'ask_database', input: { question: 'how many stores do we run' } }] },
    sql,
    { calls: [{ name: 'send_mail', input: { to: 'Ada' } }] },
    { text: 'Sent.' },
  )

describe('tools of a client', () => {
  it('are called by the client, those of the server by the server', async () => {
    scripted()
    const first = await client.chat.completions.create({
      model: 't2t-shop',
      messages,
      tools: [mail],
    })
    const [choice] = first.choices
    const call = choice?.message.tool_calls?.[0]

    expect(choice).toMatchObject({ finish_reason: 'tool_calls', message: { content: null } })
    expect(call).toMatchObject({
      type: 'function',
      function: { name: 'send_mail', arguments: '{"to":"Ada"}' },
    })
    expect(model.requests.at(-1)).toContain('| 12 |')

    const second = await client.chat.completions.create({
      model: 't2t-shop',
      tools: [mail],
      messages: [
        ...messages,
        { role: 'assistant', content: null, tool_calls: call === undefined ? [] : [call] },
        { role: 'tool', tool_call_id: call?.id ?? '', content: 'ok' },
      ],
    })
    expect(second.choices[0]).toMatchObject({
      finish_reason: 'stop',
      message: { content: 'Sent.' },
    })
  })

  it('are streamed as the client puts them together', async () => {
    scripted()
    const stream = client.chat.completions.stream({ model: 't2t-shop', messages, tools: [mail] })
    const { choices } = await stream.finalChatCompletion()
    expect(choices[0]).toMatchObject({
      finish_reason: 'tool_calls',
      message: { tool_calls: [{ function: { name: 'send_mail', arguments: '{"to":"Ada"}' } }] },
    })
  })

  it('work with the AI SDK, which makes the calls by itself', async () => {
    scripted()
    const sent: unknown[] = []
    const { text } = await generateText({
      model: createOpenAICompatible({ name: 't2t', baseURL: `${server.url}/v1` })('t2t-shop'),
      prompt: 'mail the number of stores to Ada',
      stopWhen: stepCountIs(3),
      tools: {
        send_mail: tool({
          description: 'Sends a mail.',
          inputSchema: jsonSchema<{ to: string }>(parameters),
          execute: (input) => {
            sent.push(input)
            return 'ok'
          },
        }),
      },
    })
    expect({ text, sent }).toEqual({ text: 'Sent.', sent: [{ to: 'Ada' }] })
  })

  it('obey the policy in what the model asks, whatever it asks', async () => {
    model.script(
      { calls: [{ name: 'ask_database', input: { question: 'SELECT email FROM customers' } }] },
      { text: 'I may not.' },
    )
    await client.chat.completions.create({ model: 't2t-shop', messages, tools: [mail] })
    expect(model.requests.at(-1)).toContain('Refused.')
    expect(model.requests.at(-1)).not.toContain('@example')
  })

  it('that the model was not given are an error, and so is asking without end', async () => {
    model.script({ calls: [{ name: 'delete_everything', input: {} }] })
    const unknown = await client.chat.completions
      .create({ model: 't2t-shop', messages, tools: [mail] })
      .catch((error: unknown) => error)
    expect(unknown).toMatchObject({ status: 502, code: 'tool_unknown' })

    model.script({ calls: [{ name: 'ask_database', input: {} }] })
    const endless = await client.chat.completions
      .create({ model: 't2t-shop', messages, tools: [mail] })
      .catch((error: unknown) => error)
    expect(endless).toMatchObject({ status: 502, code: 'tool_loop' })
  })

  it('are not offered when the client says so', async () => {
    model.script(sql)
    const { choices } = await client.chat.completions.create({
      model: 't2t-shop',
      messages: [{ role: 'user', content: 'how many stores do we run' }],
      tools: [mail],
      tool_choice: 'none',
    })
    expect(choices[0]?.message.content).toContain('| 12 |')
  })
})

describe('an answer in the form of a schema', () => {
  const format = {
    type: 'json_schema' as const,
    json_schema: {
      name: 'count',
      strict: true,
      schema: {
        $schema: 'https://json-schema.org/draft/2020-12/schema',
        type: 'object',
        properties: { count: { type: 'integer' } },
        required: ['count'],
      },
    },
  }
  const ask = () =>
    client.chat.completions.create({
      model: 't2t-shop',
      messages: [{ role: 'user', content: 'how many stores do we run' }],
      response_format: format,
    })

  it('is written by the model out of the rows', async () => {
    model.script(sql, { text: '{"count": 12}' })
    const { choices } = await ask()
    expect(JSON.parse(choices[0]?.message.content ?? '')).toEqual({ count: 12 })
    expect(model.requests.at(-1)).toContain('[[12]]')
  })

  it('is an error where the model does not follow it', async () => {
    model.script(sql, { text: 'Twelve.' })
    const failure = await ask().catch((error: unknown) => error)
    expect(failure).toMatchObject({ status: 502, code: 'form_invalid' })
  })
})

describe('/v1/responses', () => {
  const input = 'how many stores do we run'

  it('answers the client of OpenAI', async () => {
    model.script(sql)
    const response = await client.responses.create({ model: 't2t-shop', input })
    expect(response.output_text).toContain('| 12 |')
    expect(response.usage).toMatchObject({ input_tokens: 120, output_tokens: 8 })
  })

  it('streams events that the client of OpenAI puts together', async () => {
    model.script(sql)
    const stream = client.responses.stream({
      model: 't2t-shop',
      input: [{ role: 'user', content: input }],
    })
    const response = await stream.finalResponse()
    expect(response.output_text).toContain('| 12 |')
    expect(response.status).toBe('completed')
  })

  it('answers LangChain, when that is told to use it', async () => {
    model.script(sql)
    const chat = new ChatOpenAI({
      model: 't2t-shop',
      apiKey: 'none',
      maxRetries: 0,
      useResponsesApi: true,
      configuration: { baseURL: `${server.url}/v1` },
    })
    const { text } = await chat.invoke(input)
    expect(text).toContain('| 12 |')
  })

  it('tells errors before and within a stream', async () => {
    const before = await client.responses
      .create({ model: 'gpt-x', input })
      .catch((error: unknown) => error)
    expect(before).toMatchObject({ status: 404, code: 'model_not_found' })

    model.script({ status: 400 })
    const stream = client.responses.stream({ model: 't2t-shop', input })
    const within = await stream.finalResponse().catch((error: unknown) => error)
    expect(within).toBeInstanceOf(Error)
  })

  it('says that nothing is kept', async () => {
    const failure = await client.responses
      .create({ model: 't2t-shop', input, previous_response_id: 'resp_1' })
      .catch((error: unknown) => error)
    expect(failure).toMatchObject({ status: 400, param: 'previous_response_id' })
  })
})

describe('the same Idempotency-Key', () => {
  const ask = (key: string, content = 'how many stores do we run') =>
    server.post(
      '/v1/chat/completions',
      { model: 't2t-shop', messages: [{ role: 'user', content }] },
      { headers: { 'idempotency-key': key } },
    )

  it('gives the same answer, and does the work once', async () => {
    model.script(sql, { status: 500 })
    const [first, second] = await Promise.all([ask('a'), ask('a')])
    const third = await ask('a')

    expect(second?.body).toEqual(first?.body)
    expect(third.body).toEqual(first?.body)
    expect(third.headers.get('idempotent-replayed')).toBe('true')
    expect(model.requests).toHaveLength(1)
  })

  it('with another body is refused, and with a failure is asked again', async () => {
    model.script(sql)
    await ask('b')
    expect((await ask('b', 'something else')).status).toBe(422)

    model.script({ status: 400 }, sql)
    expect((await ask('c')).status).toBe(502)
    expect((await ask('c')).status).toBe(200)
  })
})
