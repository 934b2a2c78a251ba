import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startServer, type Reply, type TestServer } from '../fixtures/server.ts'

const chunk = z.looseObject({
  id: z.string(),
  created: z.number(),
  model: z.string(),
  choices: z.array(
    z.object({
      delta: z.object({ role: z.string().optional(), content: z.string().optional() }),
      finish_reason: z.string().nullable(),
      index: z.literal(0),
      logprobs: z.null(),
    }),
  ),
})
const question = 'how many orders by store last month'

describe('the OpenAI-compatible routes', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const complete = (content: unknown, more: object = {}): Promise<Reply> =>
    server.post('/v1/chat/completions', {
      model: 't2t-shop',
      messages: [{ role: 'user', content }],
      ...more,
    })
  const chunksOf = (body: unknown): readonly z.infer<typeof chunk>[] =>
    [...String(body).matchAll(/^data: (\{.*)$/gm)].map(([, data = '']) =>
      chunk.parse(JSON.parse(data)),
    )

  it('lists the database as a model, and gives it by its id', async () => {
    const listed = await server.get('/v1/models')
    const one = await server.get('/v1/models/t2t-shop')

    const model = {
      id: 't2t-shop',
      object: 'model',
      created: expect.any(Number),
      owned_by: 't2t',
    }
    expect(listed.body).toEqual({ object: 'list', data: [model] })
    expect(one.body).toEqual(model)
  })

  it('answers with every field that clients read, and a request id', async () => {
    const { status, headers, body } = await complete(question)

    expect(status).toBe(200)
    expect(headers.get('x-request-id')).toMatch(/^req_/)
    expect(body).toEqual({
      id: expect.stringMatching(/^chatcmpl-/),
      object: 'chat.completion',
      created: expect.any(Number),
      model: 't2t-shop',
      choices: [
        {
          index: 0,
          message: {
            role: 'assistant',
            content: expect.stringContaining('| Zurich Central |'),
            refusal: null,
          },
          logprobs: null,
          finish_reason: 'stop',
        },
      ],
      usage: {
        prompt_tokens: 0,
        completion_tokens: 0,
        total_tokens: 0,
        prompt_tokens_details: { cached_tokens: 0 },
      },
    })
  })

  it('takes every field that clients send, and contents in parts', async () => {
    const { status } = await server.post('/v1/chat/completions', {
      model: 't2t-shop',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'developer', content: 'Be briefer.' },
        { role: 'user', content: 'hello' },
        { role: 'assistant', content: null, tool_calls: [{ id: 'a', type: 'function' }] },
        { role: 'tool', tool_call_id: 'a', content: 'done' },
        { role: 'user', content: [{ type: 'text', text: question }, { type: 'image_url' }] },
      ],
      stream_options: null,
      user: 'u',
      metadata: {},
      store: false,
      seed: 1,
      stop: ['x'],
      presence_penalty: 0,
      frequency_penalty: 0,
      logit_bias: {},
      parallel_tool_calls: true,
      max_tokens: 10,
      max_completion_tokens: 10,
      reasoning_effort: 'low',
      prompt_cache_key: 'k',
      safety_identifier: 's',
      service_tier: 'auto',
      tools: [{ type: 'function', function: { name: 'f', parameters: {} } }],
      tool_choice: 'auto',
    })

    expect(status).toBe(200)
  })

  it('streams unnamed events: a role first, a finish reason, usage when asked for, the end', async () => {
    const { headers, body } = await complete(question, {
      stream: true,
      stream_options: { include_usage: true },
    })

    const chunks = chunksOf(body)
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(headers.get('cache-control')).toBe('no-cache, no-transform')
    expect(headers.get('x-accel-buffering')).toBe('no')
    expect(String(body)).not.toMatch(/^event:/m)
    expect(String(body).endsWith('data: [DONE]\n\n')).toBe(true)
    expect(new Set(chunks.map(({ id, created, model }) => `${id} ${created} ${model}`)).size).toBe(
      1,
    )
    expect(chunks[0]?.choices[0]?.delta).toEqual({ role: 'assistant', content: '' })
    expect(chunks.at(-2)).toMatchObject({ choices: [{ finish_reason: 'stop' }], usage: null })
    expect(chunks.at(-1)).toMatchObject({ choices: [], usage: { total_tokens: 0 } })
  })

  it('streams no usage when nobody asked for it', async () => {
    const { body } = await complete(question, { stream: true })

    expect(String(body)).not.toContain('usage')
  })

  it('carries the steps in a member of regular chunks', async () => {
    const { body } = await complete(question, { stream: true })

    const steps = chunksOf(body).flatMap((it) => ('t2t' in it ? [it['t2t']] : []))
    expect(steps).toMatchObject(
      ['understand', 'link', 'draft', 'guard', 'run'].map((step) => ({ step, state: 'done' })),
    )
  })

  it('says in the answer that a statement was refused, and runs nothing', async () => {
    const { body } = await complete('DROP TABLE orders')

    expect(body).toMatchObject({
      choices: [{ message: { content: 'Refused. DROP TABLE is not allowed; only SELECT is.' } }],
    })
  })

  it('runs direct SQL that the policy allows', async () => {
    const { body } = await complete('SELECT count(*) AS stores FROM stores')

    expect(JSON.stringify(body)).toContain('| stores |\\n| --- |\\n| 12 |')
  })

  it('writes what a database holds as text, never as a link or an image', async () => {
    const { body } = await complete(
      "SELECT '![x](http://evil.example/?a|b)' AS trap FROM stores LIMIT 1",
    )

    expect(JSON.stringify(body)).toContain(
      JSON.stringify('| \\!\\[x\\]\\(http://evil.example/?a\\|b\\) |').slice(1, -1),
    )
  })

  it('answers in JSON when a JSON object is asked for', async () => {
    const { body } = await complete('SELECT count(*) AS n FROM stores', {
      response_format: { type: 'json_object' },
    })

    const { choices } = z
      .object({ choices: z.tuple([z.object({ message: z.object({ content: z.string() }) })]) })
      .parse(body)
    expect(JSON.parse(choices[0].message.content)).toMatchObject({ columns: ['n'], rows: [[12]] })
  })

  it.for([
    [{ model: 'gpt-x' }, 404, 'model_not_found', null],
    [{ messages: [] }, 400, 'structure_invalid', 'messages'],
    [{ messages: [{ role: 'robot', content: 'x' }] }, 400, 'structure_invalid', 'messages.0.role'],
    [{ messages: [{ role: 'user', content: '' }] }, 400, 'unsupported_value', 'messages'],
    [{ n: 2 }, 400, 'unsupported_value', 'n'],
    [{ tool_choice: 'required' }, 400, 'unsupported_value', 'tool_choice'],
    [
      { response_format: { type: 'json_schema', json_schema: { name: 'x', schema: {} } } },
      400,
      'unsupported_value',
      'response_format',
    ],
  ] as const)(
    'answers %j with %i and an envelope that says not to retry',
    async ([more, status, code, param]) => {
      const reply = await complete(question, more)

      expect(reply.status).toBe(status)
      expect(reply.headers.get('x-should-retry')).toBe('false')
      expect(reply.body).toEqual({
        error: { message: expect.stringMatching(/./), type: 'invalid_request_error', param, code },
      })
    },
  )

  it('answers bodies that are malformed or too large in the same envelope', async () => {
    const malformed = await server.post('/v1/chat/completions', '{"model"')
    const large = await complete('x'.repeat(70_000))

    expect(malformed).toMatchObject({ status: 400, body: { error: { code: 'body_malformed' } } })
    expect(large).toMatchObject({ status: 413, body: { error: { code: 'body_too_large' } } })
  })
})
