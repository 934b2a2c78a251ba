import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({ config: configWithUsers() })
})
afterAll(() => server[Symbol.asyncDispose]())

const ask = (query: string, headers: Readonly<Record<string, string>>, more: object = {}) =>
  server.post('/api/chat', { query, ...more }, { headers })
const cells = (body: unknown) =>
  z
    .object({ data: z.object({ results: z.object({ rows: z.array(z.array(z.unknown())) }) }) })
    .parse(body).data.results.rows

describe('credentials', () => {
  it('are needed by every route but those that hold nothing', async () => {
    const { body } = await server.get('/openapi.json', as('admin'))
    const { paths } = z
      .object({ paths: z.record(z.string(), z.record(z.string(), z.unknown())) })
      .parse(body)
    const routes = Object.entries(paths).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method, path: path.replace('{id}', 'x') })),
    )
    routes.push({ method: 'post', path: '/mcp' }, { method: 'get', path: '/openapi.json' })
    const answers = await Promise.all(
      routes.map(async ({ method, path }) => {
        const response = await fetch(new URL(path, server.url), { method: method.toUpperCase() })
        await response.text()
        return [`${method} ${path}`, response.status] as const
      }),
    )
    const open = answers.filter(([, status]) => status !== 401).map(([route]) => route)
    expect(open.toSorted()).toEqual([
      'get /api/health',
      'get /api/health/live',
      'get /api/health/ready',
      'get /health',
      'get /ready',
    ])
  })

  it.for([
    ['no credentials', {}],
    ['another scheme', { authorization: 'Basic YWRhOmFkYQ==' }],
    ['a key that nobody has', { authorization: 'Bearer t2t_nobody' }],
    ['a key in another header that nobody has', { 'x-api-key': 't2t_nobody' }],
    ['something like a token', { authorization: 'Bearer a.b.c' }],
  ] as const)('do not hold: %s', async ([, headers]) => {
    const { status, body, headers: answered } = await ask('how many orders', headers)
    expect(status).toBe(401)
    expect(body).toMatchObject({ error: { code: 'credentials-needed' } })
    expect(answered.get('www-authenticate')).toMatch(/^Bearer realm="talk-to-tables"/)
  })

  it('are told of in the form that clients of OpenAI read', async () => {
    const { status, body } = await server.get('/v1/models')
    expect(status).toBe(401)
    expect(body).toMatchObject({
      error: { type: 'authentication_error', code: 'invalid_api_key' },
    })
  })

  it('may come in either header', async () => {
    const [{ authorization = '' }] = [as('ada')]
    const { status } = await server.get('/v1/models', {
      'x-api-key': authorization.replace('Bearer ', ''),
    })
    expect(status).toBe(200)
  })
})

describe('what callers see', () => {
  it('is decided by the policy of their role', async () => {
    const query = 'SELECT email FROM customers LIMIT 1'
    const [analyst, admin] = [await ask(query, as('ada')), await ask(query, as('admin'))]
    expect(analyst.body).toMatchObject({ error: { code: 'query-refused' } })
    expect(cells(admin.body)).toHaveLength(1)
  })

  it('is decided by what is known of them, in every row', async () => {
    const query = 'SELECT DISTINCT city FROM customers'
    const [all, one] = [await ask(query, as('ada')), await ask(query, as('vienna'))]
    expect(cells(all.body).length).toBeGreaterThan(1)
    expect(cells(one.body)).toEqual([['Vienna']])
  })

  it('is their own sessions alone', async () => {
    const { body } = await ask('how many orders', as('ada'))
    const id = z.object({ metadata: z.object({ session_id: z.string() }) }).parse(body)
      .metadata.session_id
    const paths = ['', '/messages', '/statistics'].map((end) => `/api/sessions/${id}${end}`)

    const own = await Promise.all(paths.map((path) => server.get(path, as('ada'))))
    const others = await Promise.all(paths.map((path) => server.get(path, as('grace'))))
    const listed = await server.get('/api/sessions', as('grace'))
    const used = await ask('and by store', as('grace'), { session_id: id })

    expect(own.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(others.map(({ status }) => status)).toEqual([404, 404, 404])
    expect(listed.body).toEqual({ sessions: [], next: null })
    expect(used.status).toBe(404)
  })

  it('is no metric, no detail of health and nothing of administrators, without that role', async () => {
    const paths = ['/metrics', '/api/metrics', '/api/admin/policy', '/api/admin/refusals']
    const answers = await Promise.all(paths.map((path) => server.get(path, as('ada'))))
    expect(answers.map(({ status }) => status)).toEqual([403, 403, 403, 403])

    const [mine, theirs] = [await server.get('/health', as('admin')), await server.get('/health')]
    expect(mine.body).toMatchObject({ status: 'healthy', checks: { database: {} } })
    expect(Object.keys(theirs.body as object)).toEqual(['status', 'checkedAt'])
  })

  it('never names a person in a metric', async () => {
    await ask('how many orders', as('ada'))
    const { body } = await server.get('/metrics', as('admin'))
    expect(body).toContain('http_server_request_duration_seconds')
    expect(body).not.toMatch(/\bada\b|key:/)
  })
})

describe('limits', () => {
  it('turn away who asks too often, and say when to come back', async () => {
    const asked = [1, 2, 3].map(() => ask('how many orders', as('hasty')))
    const answers = await Promise.all(asked)
    const late = answers.find(({ status }) => status === 429)

    expect(answers.filter(({ status }) => status === 200)).toHaveLength(2)
    expect(late?.body).toMatchObject({ error: { code: 'limit-reached' } })
    expect(Number(late?.headers.get('retry-after'))).toBeGreaterThan(0)
    expect((await ask('how many orders', as('ada'))).status).toBe(200)
  })

  it('are told to clients of OpenAI as they know them', async () => {
    const body = { model: 't2t-shop', messages: [{ role: 'user', content: 'how many orders' }] }
    const answers = await Promise.all(
      [1, 2, 3].map(() => server.post('/v1/chat/completions', body, { headers: as('hasty') })),
    )
    const late = answers.find(({ status }) => status === 429)
    expect(late?.body).toMatchObject({ error: { type: 'rate_limit_error', code: 'limit_reached' } })
    expect(late?.headers.get('x-should-retry')).toBeNull()
  })
})

it('limits hold for MCP clients too, for their calls and not for what is around them', async () => {
  const headers = { ...as('slow'), accept: 'application/json, text/event-stream' }
  const send = (method: string, params: object) =>
    server.post('/mcp', { jsonrpc: '2.0', id: 1, method, params }, { headers })
  const call = () => send('tools/call', { name: 'query', arguments: { sql: 'SELECT 1' } })

  const listed = await Promise.all([1, 2, 3].map(() => send('tools/list', {})))
  const called = [await call(), await call()]

  expect(listed.map(({ status }) => status)).toEqual([200, 200, 200])
  expect(called.map(({ status }) => status)).toEqual([200, 429])
})

describe('administrators', () => {
  it('see databases, servers, policies, refusals, executions and limits', async () => {
    await ask('SELECT email FROM customers', as('grace'))
    const get = async (path: string) => (await server.get(`/api/admin/${path}`, as('admin'))).body

    expect(await get('databases')).toMatchObject({
      databases: expect.arrayContaining([
        expect.objectContaining({ role: 'analyst', name: 'shop', isHealthy: true, tables: 6 }),
      ]),
    })
    expect(await get('mcp-servers')).toMatchObject({
      mcp_servers: expect.arrayContaining([
        expect.objectContaining({ name: 'database-shop', state: 'ready' }),
      ]),
    })
    expect(await get('policy')).toMatchObject({
      roles: { analyst: { columns: { block: ['customers.email'] } } },
    })
    expect(await get('refusals')).toMatchObject({
      refusals: expect.arrayContaining([
        expect.objectContaining({ caller: 'key:grace', codes: ['column-unknown'] }),
      ]),
    })
    expect(await get('limits')).toMatchObject({ roles: { hasty: { questions_per_minute: 2 } } })
    expect(await get('tool-executions?limit=1')).toMatchObject({
      tool_executions: [expect.objectContaining({ database: 'shop' })],
    })
  })
})
