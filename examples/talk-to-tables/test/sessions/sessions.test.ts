import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
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
