import { isLlmSqlError, ModelError, OptionInvalidError } from '@t2t/llm-sql'
import { openAiModel } from '@t2t/llm-sql/openai'
import { describe, expect, it } from 'vitest'
import { startModelServer, type ScriptedResponse } from '../support/model-server.ts'

const never = new AbortController().signal
const messages = [{ role: 'user', content: 'private question' }] as const

function completion(message: unknown, finish: string | null = 'stop'): string {
  return JSON.stringify({
    choices: [{ message, finish_reason: finish }],
    usage: { prompt_tokens: 11, completion_tokens: 7 },
  })
}

const good: ScriptedResponse = { body: completion({ content: 'SELECT 1' }) }

async function failureOf(response: ScriptedResponse): Promise<unknown> {
  await using server = await startModelServer(response)
  const model = openAiModel({ baseUrl: server.baseUrl, model: 'm', apiKey: 'sk-secret' })
  return await model.complete({ messages }, never).catch((error: unknown) => error)
}

/** Each way in which a server fails, and the error that it becomes. */
const failures: readonly (readonly [string, ScriptedResponse, object])[] = [
  [
    'a rate limit with Retry-After',
    { status: 429, headers: { 'retry-after': '7' }, body: '{}' },
    { code: 'LLM_SQL_MODEL_RATE_LIMITED', retryable: true, retryAfterMs: 7_000, status: 429 },
  ],
  [
    'a rate limit without Retry-After',
    { status: 429, body: '{}' },
    { code: 'LLM_SQL_MODEL_RATE_LIMITED', retryable: true, retryAfterMs: undefined },
  ],
  [
    'a rate limit with nonsense in Retry-After',
    { status: 429, headers: { 'retry-after': 'soon' } },
    { retryAfterMs: undefined },
  ],
  [
    'status 500',
    { status: 500, body: 'private question sk-secret' },
    { code: 'LLM_SQL_MODEL_UNAVAILABLE', retryable: true, status: 500 },
  ],
  [
    'status 503 with Retry-After',
    { status: 503, headers: { 'retry-after': '1.5' } },
    { code: 'LLM_SQL_MODEL_UNAVAILABLE', retryAfterMs: 1_500 },
  ],
  ['status 408', { status: 408 }, { code: 'LLM_SQL_MODEL_UNAVAILABLE', retryable: true }],
  [
    'status 401',
    { status: 401, body: '{"error":{"message":"bad key sk-secret"}}' },
    { code: 'LLM_SQL_MODEL_REJECTED', retryable: false, status: 401 },
  ],
  ['status 400', { status: 400 }, { code: 'LLM_SQL_MODEL_REJECTED', retryable: false }],
  ['a redirect without an address', { status: 304 }, { code: 'LLM_SQL_MODEL_REJECTED' }],
  [
    'an HTML page',
    { body: '<html><body>Sign in</body></html>' },
    { code: 'LLM_SQL_MODEL_REPLY_INVALID', retryable: true },
  ],
  ['an empty body', { body: '' }, { code: 'LLM_SQL_MODEL_REPLY_INVALID' }],
  [
    'JSON of another shape',
    { body: '{"choices":"none"}' },
    { code: 'LLM_SQL_MODEL_REPLY_INVALID' },
  ],
  ['a JSON null', { body: 'null' }, { code: 'LLM_SQL_MODEL_REPLY_INVALID' }],
  [
    'an error of a known status in a 200 body',
    { body: '{"error":{"code":429,"message":"sk-secret"}}' },
    { code: 'LLM_SQL_MODEL_RATE_LIMITED', retryable: true },
  ],
  [
    'an error of an unknown kind in a 200 body',
    { body: '{"error":{"code":"oops"}}' },
    { code: 'LLM_SQL_MODEL_REJECTED', retryable: false },
  ],
  [
    'an error as text in a 200 body',
    { body: '{"error":"oops"}' },
    { code: 'LLM_SQL_MODEL_REJECTED' },
  ],
  ['no choices', { body: '{"choices":[]}' }, { code: 'LLM_SQL_MODEL_REPLY_INVALID' }],
  ['choices that are null', { body: '{"choices":null}' }, { code: 'LLM_SQL_MODEL_REPLY_INVALID' }],
  [
    'a choice without a message',
    { body: '{"choices":[{}]}' },
    { code: 'LLM_SQL_MODEL_REPLY_INVALID' },
  ],
  [
    'content that is null',
    { body: completion({ content: null }) },
    { code: 'LLM_SQL_MODEL_REPLY_INVALID' },
  ],
  [
    'content of blanks',
    { body: completion({ content: ' \n ' }) },
    { code: 'LLM_SQL_MODEL_REPLY_INVALID' },
  ],
  [
    'a body that is cut off',
    { body: completion({ content: 'SELECT 1' }), isCutOff: true },
    { code: 'LLM_SQL_MODEL_UNREACHABLE', retryable: true },
  ],
]

describe('an OpenAI-compatible model', () => {
  it('sends what it is asked, and the key as a bearer token', async () => {
    await using server = await startModelServer(good)
    const model = openAiModel({ baseUrl: `${server.baseUrl}/`, model: 'm', apiKey: 'sk-secret' })

    const reply = await model.complete({ messages, maxOutputTokens: 9 }, never)

    expect(reply).toEqual({
      text: 'SELECT 1',
      finishReason: 'stop',
      usage: { inputTokens: 11, outputTokens: 7 },
    })
    expect(server.requests).toEqual([
      {
        path: '/v1/chat/completions',
        authorization: 'Bearer sk-secret',
        body: { model: 'm', messages, temperature: 0, stream: false, max_tokens: 9 },
      },
    ])
  })

  it.for([
    [completion({ content: 'SELECT' }, 'length'), { text: 'SELECT', finishReason: 'length' }],
    [completion({ content: '' }, 'content_filter'), { finishReason: 'refused' }],
    [completion({ content: null, refusal: 'No.' }), { finishReason: 'refused' }],
    [
      completion({
        content: [
          { type: 'text', text: 'SELECT ' },
          { type: 'text', text: '1' },
        ],
      }),
      { text: 'SELECT 1' },
    ],
    [completion({ content: 'x' }, null), { finishReason: 'other' }],
    [
      '{"choices":[{"message":{"content":"x"}}],"usage":{"prompt_tokens":"many"}}',
      { text: 'x', usage: undefined },
    ],
  ] as const)('understands %s', async ([body, expected]) => {
    await using server = await startModelServer({ body })

    expect(
      await openAiModel({ baseUrl: server.baseUrl, model: 'm' }).complete({ messages }, never),
    ).toMatchObject(expected)
  })

  it.for(failures)(
    'turns %s into a typed error without secrets',
    async ([, response, expected]) => {
      const failure = await failureOf(response)

      expect(failure).toBeInstanceOf(ModelError)
      expect(failure).toMatchObject(expected)
      expect(isLlmSqlError(failure)).toBe(true)
      expect(`${String(failure)}${JSON.stringify(failure)}`).not.toMatch(
        /sk-secret|private question/,
      )
    },
  )

  it('says that a server cannot be reached', async () => {
    const fetch = async (): Promise<never> => {
      throw new TypeError('connect ECONNREFUSED sk-secret')
    }
    const failure = await openAiModel({ baseUrl: 'http://127.0.0.1:1/v1', model: 'm', fetch })
      .complete({ messages }, never)
      .catch((error: unknown) => error)

    expect(failure).toMatchObject({ code: 'LLM_SQL_MODEL_UNREACHABLE', retryable: true })
    expect(JSON.stringify(failure) + String(failure)).not.toContain('sk-secret')
  })

  it('ends a request that waits when the signal aborts, with the reason', async () => {
    await using server = await startModelServer({ isSilent: true })
    const controller = new AbortController()
    const reason = new Error('too late')
    const pending = openAiModel({ baseUrl: server.baseUrl, model: 'm' }).complete(
      { messages },
      controller.signal,
    )

    controller.abort(reason)

    expect(await pending.catch((error: unknown) => error)).toBe(reason)
  })

  it.for([
    { baseUrl: 'ftp://x', model: 'm' },
    { baseUrl: 'http://', model: 'm' },
    { baseUrl: 'http://x', model: '' },
  ])('does not take %o', (options) => {
    expect(() => openAiModel(options)).toThrow(OptionInvalidError)
  })
})
