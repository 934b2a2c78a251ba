import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelServer, type ModelServer } from '../fixtures/model-server.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

describe('a chat with a model server', () => {
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

  it('mends a misspelt word of a draft without asking the model again', async () => {
    model.script({ text: '```sql\nSELECT name FORM stores\n```' }, { status: 500 })

    const { body } = await server.post('/api/chat', { query: 'which stores do we run' })

    expect(body).toMatchObject({
      success: true,
      data: {
        results: { row_count: 12 },
        recovery_performed: true,
        metadata: { recovery_attempts: 1 },
      },
    })
  })

  it('does not recover when that is switched off', async () => {
    model.script({ text: '```sql\nSELECT * FORM stores\n```' }, { text: '```sql\nSELECT 1\n```' })

    const { body } = await server.post('/api/chat', {
      query: 'how many stores do we run',
      enable_recovery: false,
    })

    expect(body).toMatchObject({ success: false, error: { code: 'attempts-exhausted' } })
  })

  it('answers 502 when the model fails for good', async () => {
    model.script({ status: 400 })

    const { status, body } = await server.post('/api/chat', { query: 'how many stores do we run' })

    expect(status).toBe(502)
    expect(body).toMatchObject({ success: false, error: { code: 'model-failed' } })
  })

  it('keeps a silent stream open with comments', async () => {
    model.script('silence')
    const client = new AbortController()
    const response = await fetch(new URL('/api/chat', server.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'text/event-stream' },
      body: JSON.stringify({ query: 'how many stores do we run' }),
      signal: client.signal,
    })

    let text = ''
    for await (const chunk of response.body ?? []) {
      text += new TextDecoder().decode(chunk)
      if (text.includes(': keep-alive\n\n')) break
    }
    client.abort()

    expect(text).toContain(': keep-alive\n\n')
  })

  it.for([
    ['POST /api/chat', '/api/chat', { query: 'how many stores do we run' }, 'application/json'],
    ['its event stream', '/api/chat', { query: 'how many stores do we run' }, 'text/event-stream'],
    ['POST /v1/chat/completions', '/v1/chat/completions', completion(false), 'application/json'],
    ['its stream', '/v1/chat/completions', completion(true), 'text/event-stream'],
  ] as const)(
    'ends the call of the model, which would go on for ever, when the client of %s leaves',
    async ([, path, body, accept]) => {
      model.script('silence')
      const [arrived, left] = [model.arrived(), model.left()]
      const client = new AbortController()
      const request = fetch(new URL(path, server.url), {
        method: 'POST',
        headers: { 'content-type': 'application/json', accept },
        body: JSON.stringify(body),
        signal: client.signal,
      }).then((response) => response.text())
      await arrived

      client.abort()
      await expect(request).rejects.toThrow('abort')
      await expect(left).resolves.toBeUndefined()
    },
  )
})

function completion(stream: boolean): object {
  const messages = [{ role: 'user', content: 'how many stores do we run' }]
  return { model: 't2t-shop', stream, messages }
}
