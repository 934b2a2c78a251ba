import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

describe('/api/sessions', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  const begin = async (title: string): Promise<string> => {
    const { body } = await server.post('/api/sessions', { title })
    return z.object({ id: z.string() }).parse(body).id
  }
  const remove = (path: string): Promise<Response> =>
    fetch(new URL(path, server.url), { method: 'DELETE' })

  it('creates a session, gives it and lists it', async () => {
    const created = await server.post('/api/sessions', { title: 'Sales' })
    const { id } = z.object({ id: z.string() }).parse(created.body)

    expect(created.status).toBe(201)
    expect(await server.get(`/api/sessions/${id}`)).toMatchObject({
      status: 200,
      body: { id, title: 'Sales' },
    })
    expect(await server.get('/api/sessions')).toMatchObject({
      body: { sessions: [{ id, title: 'Sales' }], next: null },
    })
  })

  it('keeps what was asked and answered, and counts it', async () => {
    const id = await begin('Orders')
    await server.post('/api/chat', { query: 'SELECT count(*) FROM stores', session_id: id })
    await server.post('/api/chat', { query: 'DROP TABLE orders', session_id: id })

    const history = await server.get(`/api/sessions/${id}/messages`)
    const statistics = await server.get(`/api/sessions/${id}/statistics`)

    expect(history.body).toMatchObject({
      messages: [
        { role: 'user', content: 'SELECT count(*) FROM stores' },
        { role: 'assistant' },
        { role: 'user', content: 'DROP TABLE orders' },
        { role: 'assistant', content: 'DROP TABLE is not allowed; only SELECT is.' },
      ],
    })
    expect(statistics.body).toMatchObject({
      messages: { user: 2, assistant: 2 },
      tools: [{ tool: 'query', calls: 2, failures: 1 }],
    })
  })

  it('begins a session for a question without one', async () => {
    const { body } = await server.post('/api/chat', { query: 'SELECT count(*) FROM products' })
    const { metadata } = z.object({ metadata: z.object({ session_id: z.string() }) }).parse(body)

    expect(await server.get(`/api/sessions/${metadata.session_id}`)).toMatchObject({
      body: { title: 'SELECT count(*) FROM products' },
    })
  })

  it('clears the messages and keeps the session', async () => {
    const id = await begin('To clear')
    await server.post('/api/chat', { query: 'SELECT count(*) FROM stores', session_id: id })

    const cleared = await remove(`/api/sessions/${id}/messages`)

    expect(cleared.status).toBe(204)
    expect((await server.get(`/api/sessions/${id}/messages`)).body).toEqual({ messages: [] })
  })

  it('deletes a session, once', async () => {
    const id = await begin('To delete')

    const statuses = [
      (await remove(`/api/sessions/${id}`)).status,
      (await remove(`/api/sessions/${id}`)).status,
      (await server.get(`/api/sessions/${id}`)).status,
    ]

    expect(statuses).toEqual([204, 404, 404])
  })

  it('pages through the list', async () => {
    await begin('One more')
    const first = await server.get('/api/sessions?limit=1')
    const { next } = z.object({ next: z.string() }).parse(first.body)

    const second = await server.get(`/api/sessions?limit=1&after=${encodeURIComponent(next)}`)

    expect(second.status).toBe(200)
    expect(second.body).not.toMatchObject({
      sessions: z.object({ sessions: z.array(z.unknown()) }).parse(first.body).sessions,
    })
  })

  it('forgets all that is kept of a person, and nothing of others', async () => {
    await using own = await startServer({ config: configWithUsers() })
    const asking = async (name: 'ada' | 'grace'): Promise<string> => {
      const query = 'SELECT id FROM stores'
      const headers = { ...as(name), 'idempotency-key': `key of ${name}`.replaceAll(' ', '-') }
      const { body } = await own.post('/api/chat', { query }, { headers })
      return z
        .object({ data: z.object({ results: z.object({ result_id: z.string() }) }) })
        .parse(body).data.results.result_id
    }
    const [hers, other] = [await asking('ada'), await asking('grace')]
    const forget = (path: string, name: 'ada' | 'admin') =>
      fetch(new URL(path, own.url), { method: 'DELETE', headers: as(name) })

    const forgotten = await forget('/api/sessions', 'ada')

    expect(await forgotten.json()).toEqual({ sessions: 1, answers: 2 })
    expect((await own.get('/api/sessions', as('ada'))).body).toMatchObject({ sessions: [] })
    expect((await own.get(`/api/results/${hers}`, as('ada'))).status).toBe(404)
    expect((await own.get(`/api/results/${other}`, as('grace'))).status).toBe(200)
    const { body } = await own.get('/api/admin/tool-executions', as('admin'))
    expect(body).toMatchObject({ tool_executions: [{ caller: 'key:grace' }] })
    expect((await forget('/api/admin/people/key:grace', 'ada')).status).toBe(403)
    const byAdmin = await forget('/api/admin/people/key:grace', 'admin')
    expect(await byAdmin.json()).toEqual({ sessions: 1, answers: 2 })
  })

  it('shows nothing of another owner', async () => {
    const hidden = await server.application.sessions.sessions.create({ owner: 'somebody-else' })

    const { status } = await server.get(`/api/sessions/${hidden.id}`)

    expect(status).toBe(404)
  })

  it.for([
    ['/api/sessions?limit=0', 400],
    ['/api/sessions?limit=many', 400],
    ['/api/sessions?after=nonsense', 400],
    ['/api/sessions/%20x', 404],
    ['/api/sessions/..%2f..%2fetc%2fpasswd', 404],
    ['/api/sessions/nobody/messages', 404],
    ['/api/sessions/nobody/statistics', 404],
  ] as const)('answers %s with %i', async ([path, status]) => {
    expect(await server.get(path)).toMatchObject({ status, body: { success: false } })
  })
})
