import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startModelServer, type ModelServer } from '../fixtures/model-server.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

const sql = { text: '```sql\nSELECT count(*) AS stores FROM stores\n```' }
const query = 'how many stores do we run'

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
const limited = (headers: Readonly<Record<string, string>>) => ({ status: 429, headers })

describe('a provider that limits the rate', () => {
  it('is asked again when it says so, and never before', async () => {
    model.requests.splice(0)
    model.script(limited({ 'retry-after-ms': '40' }), sql)
    const start = performance.now()
    const { body } = await server.post('/api/chat', { query })
    expect(body).toMatchObject({ success: true, data: { results: { rows: [[12]] } } })
    expect(performance.now() - start).toBeGreaterThanOrEqual(40)
    expect(model.requests).toHaveLength(2)
  })

  it('that wants to be left alone for long is not asked again', async () => {
    model.requests.splice(0)
    model.script(limited({ 'retry-after': '3600' }))
    const { status, body } = await server.post('/api/chat', { query })
    expect(status).toBe(502)
    expect(body).toMatchObject({ success: false, error: { code: 'model-failed' } })
    expect(model.requests).toHaveLength(1)
  })
})

describe('many at once', () => {
  it('are all answered, each with its own answer', async () => {
    model.script(sql)
    const limits = Array.from({ length: 10 }, (_, index) => index + 1)
    const answers = await Promise.all(
      limits.map((limit) =>
        server.post('/api/chat', { query: `SELECT id FROM stores ORDER BY id LIMIT ${limit}` }),
      ),
    )
    expect(answers.map(({ body }) => body)).toEqual(
      limits.map((limit) =>
        expect.objectContaining({
          success: true,
          data: expect.objectContaining({ results: expect.objectContaining({ row_count: limit }) }),
        }),
      ),
    )
  })

  it('ask MCP servers for what they know once, not once each', async () => {
    const reads = async () => {
      const { body } = await server.get('/metrics')
      const lines = String(body).matchAll(/^t2t_cache_requests_total\{([^}]*)\} (\d+)$/gm)
      const counted: Record<string, number> = {}
      for (const [, labels = '', count] of lines) {
        const result = /t2t_result="(\w+)"/.exec(labels)?.[1] ?? ''
        counted[result] = (counted[result] ?? 0) + Number(count)
      }
      return counted
    }
    const before = await reads()
    await Promise.all([1, 2, 3, 4, 5].map(() => server.post('/api/chat', { query })))
    const after = await reads()
    expect(after['hit']).toBeGreaterThan(before['hit'] ?? 0)
    expect(after['miss']).toBe(before['miss'])
  })
})

describe('a long question', () => {
  it('of five kilobytes is answered', async () => {
    model.script(sql)
    const { status, body } = await server.post('/api/chat', {
      query: `${query}, ${'please '.repeat(700)}`,
    })
    expect(status).toBe(200)
    expect(body).toMatchObject({ success: true })
  })
})
