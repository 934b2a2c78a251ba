import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { startServer, type Reply, type TestServer } from '../fixtures/server.ts'

describe('POST /api/chat', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('answers a question with SQL, rows, and what the words were resolved to', async () => {
    const { status, body } = await server.post('/api/chat', {
      query: 'Show me total sales for abracadabra this month',
    })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      success: true,
      data: {
        sql_query: expect.stringContaining('products.id = 123'),
        results: {
          columns: ['sales'],
          rows: [[expect.any(Number)]],
          row_count: 1,
          truncated: false,
        },
        resolved_entities: expect.arrayContaining([
          expect.objectContaining({ term: 'abracadabra', source: 'metadata' }),
        ]),
        explanation: expect.stringContaining('sales'),
        recovery_performed: false,
        metadata: {
          mode: 'multi_mcp',
          mcp_servers_used: ['metadata', 'database-shop'],
          recovery_attempts: 0,
          missing_sources: [],
        },
      },
      error: null,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      response_id: expect.stringMatching(/^req_/),
    })
  })

  it('asks the database server alone in single mode, and so does not know an alias', async () => {
    const ask = (query: string): Promise<Reply> =>
      server.post('/api/chat', { query, mode: 'single_mcp' })

    const plain = await ask('how many orders by store last month')
    const alias = await ask('how many abracadabra were returned last month')

    expect(alias.body).toMatchObject({ success: false, error: { code: 'clarification-needed' } })
    expect(plain.body).toMatchObject({
      success: true,
      data: { metadata: { mode: 'single_mcp', mcp_servers_used: ['database-shop'] } },
    })
  })

  it('refuses direct SQL that the policy forbids, and says why', async () => {
    const { status, body } = await server.post('/api/chat', { query: 'DROP TABLE orders' })

    expect(status).toBe(200)
    expect(body).toMatchObject({
      success: false,
      data: { results: null },
      error: { code: 'query-refused', findings: [{ code: 'statement-kind-refused' }] },
    })
  })

  it('runs direct SQL that the policy allows', async () => {
    const { body } = await server.post('/api/chat', { query: 'SELECT count(*) AS n FROM stores' })

    expect(body).toMatchObject({ success: true, data: { results: { rows: [[12]] } } })
  })

  it('says that more rows were there when the cap of 1,000 cut them off', async () => {
    const { body } = await server.post('/api/chat', { query: 'SELECT id FROM orders' })

    expect(body).toMatchObject({ data: { results: { row_count: 1_000, truncated: true } } })
  })

  it('asks back when it does not understand', async () => {
    const { body } = await server.post('/api/chat', { query: 'flurb the gnorps' })

    expect(body).toMatchObject({ success: false, error: { code: 'clarification-needed' } })
  })

  it('answers a question of 5 KB', async () => {
    const query = `SELECT count(*) AS n FROM stores WHERE name <> '${'x'.repeat(5_000)}'`

    const { status, body } = await server.post('/api/chat', { query })

    expect(status).toBe(200)
    expect(body).toMatchObject({ data: { results: { rows: [[12]] } } })
  })

  it('answers ten at once', async () => {
    const replies = await Promise.all(
      Array.from({ length: 10 }, () =>
        server.post('/api/chat', { query: 'how many orders by store last month' }),
      ),
    )

    expect(replies.map(({ status }) => status)).toEqual(Array.from({ length: 10 }, () => 200))
    expect(replies.every(({ body }) => JSON.stringify(body).includes('"success":true'))).toBe(true)
  })

  it.for(['', '   ', '\n\t'])('answers 400 to the empty query %j', async (query) => {
    const { status, body } = await server.post('/api/chat', { query })

    expect(status).toBe(400)
    expect(body).toMatchObject({ success: false, error: { code: 'query-empty' } })
  })

  it.for([
    [{}, 'query', 'invalid_type'],
    [{ query: 7 }, 'query', 'invalid_type'],
    [{ query: 'x', mode: 'turbo' }, 'mode', 'invalid_value'],
    [{ query: 'x', enable_recovery: 'yes' }, 'enable_recovery', 'invalid_type'],
    [{ query: 'x', sesion_id: 'y' }, 'sesion_id', 'unrecognized_keys'],
    [{ query: 'x'.repeat(8_001) }, 'query', 'too_big'],
    [[], '', 'invalid_type'],
  ] as const)('answers 422 to %j and names the field', async ([sent, field, type]) => {
    const { status, body } = await server.post('/api/chat', sent)

    expect(status).toBe(422)
    expect(body).toMatchObject({
      success: false,
      error: {
        code: 'structure-invalid',
        fields: [{ field, type, message: expect.stringMatching(/./) }],
      },
    })
  })

  it('answers 404 to a session or a database that is not there', async () => {
    const session = await server.post('/api/chat', { query: 'x', session_id: 'nobody' })
    const database = await server.post('/api/chat', { query: 'x', database: 'payroll' })

    expect(session).toMatchObject({ status: 404, body: { error: { code: 'session-not-found' } } })
    expect(database).toMatchObject({ status: 404, body: { error: { code: 'database-unknown' } } })
  })

  it('streams the steps in order, then the same answer', async () => {
    const { headers, body } = await server.post(
      '/api/chat',
      { query: 'how many orders by store last month' },
      { headers: { accept: 'text/event-stream' } },
    )

    const events = eventsOf(String(body))
    expect(headers.get('content-type')).toBe('text/event-stream; charset=utf-8')
    expect(events.map(({ name, data }) => (name === 'step' ? data['step'] : name))).toEqual([
      'understand',
      'link',
      'draft',
      'guard',
      'run',
      'answer',
    ])
    expect(events.at(-1)?.data).toMatchObject({
      success: true,
      data: { results: { row_count: 12 } },
    })
  })

  it('streams a refused step for what the guard refuses', async () => {
    const { body } = await server.post(
      '/api/chat',
      { query: 'SELECT email FROM customers' },
      { headers: { accept: 'text/event-stream' } },
    )

    const events = eventsOf(String(body))
    expect(events).toContainEqual({
      name: 'step',
      data: expect.objectContaining({ step: 'guard', state: 'refused' }),
    })
    expect(events.at(-1)?.data).toMatchObject({ error: { code: 'query-refused' } })
  })

  it('tells the modes and the servers', async () => {
    const { body } = await server.get('/api/chat/modes')

    expect(body).toMatchObject({
      default_mode: 'auto',
      modes: [
        { mode: 'single_mcp', available: true },
        { mode: 'multi_mcp', available: true },
        { mode: 'auto', available: true },
      ],
      orchestrator: {
        servers: [
          { name: 'metadata', priority: 1, state: 'ready' },
          { name: 'database-shop', priority: 999, state: 'ready' },
        ],
      },
    })
  })
})

interface Event {
  readonly name: string
  readonly data: Readonly<Record<string, unknown>>
}

function eventsOf(text: string): readonly Event[] {
  return [...text.matchAll(/^event: (\w+)\ndata: (.*)$/gm)].map(([, name = '', data = '']) => ({
    name,
    data: JSON.parse(data),
  }))
}
