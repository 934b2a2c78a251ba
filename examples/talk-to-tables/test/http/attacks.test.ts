import { connect, type Socket } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { as, configForAnyone, configWithUsers, keys } from '../fixtures/keys.ts'
import { startModelServer } from '../fixtures/model-server.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

let server: TestServer
beforeAll(async () => {
  server = await startServer({
    config: configWithUsers({
      server: { cors: ['https://app.example'] },
    }),
  })
})
afterAll(() => server[Symbol.asyncDispose]())

/** Writes bytes to the server as they are, and gives all that comes back. */
function raw(...pieces: readonly string[]): Promise<string> {
  return rawTo(server.url, ...pieces)
}
function rawTo(url: string, ...pieces: readonly string[]): Promise<string> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    let answer = ''
    const socket: Socket = connect(Number(port), hostname, () => {
      for (const piece of pieces) socket.write(piece)
    })
    socket.on('data', (chunk: Buffer) => (answer += chunk.toString()))
    socket.once('close', () => resolve(answer))
    socket.once('error', reject)
  })
}
const head = (path: string, more: string, method = 'POST') =>
  `${method} ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: ${as('ada').authorization}\r\n${more}\r\n`
const statusOf = (answer: string) => Number(/^HTTP\/1.1 (\d+)/.exec(answer)?.[1])
const isAlive = async () => (await server.get('/api/health/live')).status === 200

describe('the server withstands', () => {
  it.for([
    '/../package.json',
    '/%2e%2e/package.json',
    '/..%2f..%2fpackage.json',
    '/page.css/../../start.ts',
    '//etc/passwd',
    '/page.js%00.html',
    '/api/sessions/..%2f..%2fadmin',
  ])('the path %s', async (path) => {
    const answer = await raw(head(path, 'connection: close\r\n', 'GET'))
    expect(statusOf(answer)).toBeGreaterThanOrEqual(400)
    expect(answer).not.toMatch(/"scripts"|root:|import /)
  })

  it('headers that would split the answer, or go on into the log', async () => {
    const answer = await raw(
      head(
        '/v1/models',
        'x-correlation-id: a%0d%0aset-cookie: x=1\r\nconnection: close\r\n',
        'GET',
      ),
    )
    expect(answer).not.toMatch(/set-cookie/i)
    expect(statusOf(answer)).toBe(200)
  })

  it('a body that is said to be two lengths, and one that is smuggled in chunks', async () => {
    const both = await raw(
      head('/api/chat', 'content-length: 5\r\ntransfer-encoding: chunked\r\n'),
      '0\r\n\r\nGET /admin HTTP/1.1\r\n\r\n',
    )
    const twice = await raw(
      head('/api/chat', 'content-length: 5\r\ncontent-length: 6\r\n'),
      '{"a"}',
    )
    expect([statusOf(both), statusOf(twice)]).toEqual([400, 400])
  })

  it('a giant body, also one that does not say how long it is', async () => {
    const chunk = `10000\r\n${'x'.repeat(65_536)}\r\n`
    const answer = await raw(
      head(
        '/api/chat',
        'content-type: application/json\r\ntransfer-encoding: chunked\r\nconnection: close\r\n',
      ),
      chunk,
      chunk,
      '0\r\n\r\n',
    )
    expect(statusOf(answer)).toBe(413)
  })

  it.for(['/api/chat', '/mcp'])('a body that never comes to %s', async (path) => {
    await using hasty = await startServer({
      config: configWithUsers({ server: { slow_body: 0.2 } }),
    })
    const answer = await rawTo(
      hasty.url,
      head(path, 'content-type: application/json\r\ncontent-length: 100\r\n'),
      '{"query": "',
    )
    expect(statusOf(answer)).toBe(408)
  })

  it.for([
    ['deep', '['.repeat(30_000) + ']'.repeat(30_000)],
    ['with a member that changes every object', '{"__proto__":{"isAdmin":true},"query":"x"}'],
    ['of a number without end', `{"query": ${'9'.repeat(50_000)}}`],
    ['of many members', `{${Array.from({ length: 8_000 }, (_, at) => `"k${at}":1`).join()}}`],
    ['of half a character', '{"query": "\\ud800"}'],
  ] as const)('JSON %s', async ([, body]) => {
    const { status } = await server.post('/api/chat', body, { headers: as('ada') })
    expect([200, 400, 413, 422]).toContain(status)
    expect(await isAlive()).toBe(true)
    expect(Reflect.get({}, 'isAdmin')).toBeUndefined()
  })

  it('a page of another site, whatever it sends', async () => {
    const body = { query: 'how many orders' }
    const from = (origin: string) =>
      server.post('/api/chat', body, { headers: { ...as('ada'), origin } })
    const [evil, none, listed] = [
      await from('https://evil.example'),
      await from('null'),
      await from('https://app.example'),
    ]
    expect([evil.status, none.status, listed.status]).toEqual([403, 403, 200])
    expect(listed.headers.get('access-control-allow-origin')).toBe('https://app.example')
    expect(listed.headers.get('access-control-allow-credentials')).toBeNull()
  })

  it('no page of a listed origin that asks before it sends, with whatever headers', async () => {
    const response = await fetch(new URL('/v1/chat/completions', server.url), {
      method: 'OPTIONS',
      headers: {
        origin: 'https://app.example',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'authorization,content-type,x-stainless-lang',
      },
    })
    expect(response.status).toBe(204)
    expect(response.headers.get('access-control-allow-headers')).toContain('x-stainless-lang')
  })

  it('a name that was bound to this machine', async () => {
    const answer = await raw(
      `GET /v1/models HTTP/1.1\r\nhost: evil.example:8001\r\nconnection: close\r\n\r\n`,
    )
    expect(statusOf(answer)).toBe(403)
  })

  it('more requests than it may answer at once', async () => {
    await using model = await startModelServer()
    model.script('silence')
    const { OPENAI_BASE_URL: url, OPENAI_MODEL: name } = model.environment
    await using busy = await startServer({
      config: configForAnyone({ model: { base_url: url, name }, server: { max_concurrent: 1 } }),
    })
    const ending = new AbortController()
    const arrived = model.arrived()
    const first = fetch(new URL('/api/chat', busy.url), {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{"query": "how many stores do we run"}',
      signal: ending.signal,
    }).catch((error: unknown) => error)
    await arrived

    const second = await busy.post('/api/chat', { query: 'SELECT 1' })

    expect(second.status).toBe(503)
    expect(second.headers.get('retry-after')).toBe('1')
    const left = model.left()
    ending.abort()
    await Promise.all([first, left])
  })
})

describe('what an answer tells', () => {
  it('is never a key, also where one was sent to the wrong place', async () => {
    const secret = keys.ada.key
    const answers = await Promise.all([
      server.post('/api/chat', { query: secret }, { headers: as('ada') }),
      server.get(`/api/sessions/${secret}`, as('ada')),
      server.post('/api/chat', { query: 'x', key: secret }, { headers: as('ada') }),
      server.get('/metrics', as('admin')),
    ])
    for (const { body } of answers) expect(JSON.stringify(body)).not.toContain(secret)
  })
})
