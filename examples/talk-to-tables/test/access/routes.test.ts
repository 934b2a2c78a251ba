import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { createApp } from '../../server/http/app.ts'
import { as, configWithUsers } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

let server: TestServer
let routes: readonly { readonly method: string; readonly path: string }[] = []
beforeAll(async () => {
  server = await startServer({ config: configWithUsers() })
  const every = createApp(server.application).routes
  routes = every
    .filter(({ path }) => path !== '/*')
    .flatMap(({ method, path }) =>
      (method === 'ALL' ? ['GET', 'POST', 'DELETE'] : [method]).map((one) => ({
        method: one,
        path: path.replace(/:\w+/g, 'x'),
      })),
    )
})
afterAll(() => server[Symbol.asyncDispose]())

/** Sends a path as it is; the status, and whether anything was told. */
function ask(
  method: string,
  path: string,
  headers: Readonly<Record<string, string>> = {},
): Promise<{ readonly status: number; readonly text: string }> {
  const { hostname, port } = new URL(server.url)
  return new Promise((resolve, reject) => {
    const sent = request({ hostname, port, method, path, headers, agent: false }, (response) => {
      let text = ''
      response.on('data', (chunk: Buffer) => (text += chunk.toString()))
      response.once('end', () => resolve({ status: response.statusCode ?? 0, text }))
    })
    sent.once('upgrade', (response, socket) => {
      socket.destroy()
      resolve({ status: response.statusCode ?? 0, text: '' })
    })
    sent.once('error', reject)
    sent.end()
  })
}

/** What holds nothing but the page, or says only whether the server lives. */
const open = new Set([
  '/',
  '/routes',
  '/api/health',
  '/api/health/live',
  '/api/health/ready',
  '/health',
  '/ready',
])
const isOpen = (path: string): boolean =>
  open.has(path) || /^\/[\w-]+\.(?:js|css)$/.test(path) || path.startsWith('/.well-known/')

describe('every route of the app', () => {
  it('is known here, so that none is left out', () => {
    expect(routes.length).toBeGreaterThan(40)
    const paths = routes.map(({ path }) => path)
    for (const one of ['/mcp', '/ws/chat', '/openapi.json', '/api/admin/audit', '/v1/responses'])
      expect(paths).toContain(one)
  })

  it('answers nobody without credentials, by whatever method and spelling', async () => {
    const spelled = (path: string): readonly string[] => [
      path,
      `${path}/`,
      `/${path}`,
      `${path}?x=1`,
      `${path};x`,
      path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
      path.replaceAll('/', '%2f'),
      `/x/..${path}`,
      path.toUpperCase(),
      `${path}%00`,
    ]
    const told: string[] = []
    for (const { method, path } of routes) {
      if (isOpen(path)) continue
      const methods = method === 'GET' ? ['GET', 'HEAD', 'OPTIONS'] : [method]
      for (const one of methods) {
        for (const each of spelled(path)) {
          const { status } = await ask(one, each)
          if (status < 400) told.push(`${one} ${each} ${status}`)
        }
      }
    }
    expect(told).toEqual([])
  })

  it('opens no socket without credentials', async () => {
    const upgrade = {
      connection: 'upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
    }
    expect((await ask('GET', '/ws/chat', upgrade)).status).toBe(401)
    const wrong = { ...upgrade, 'sec-websocket-protocol': 't2t, t2t.key.nobody' }
    expect((await ask('GET', '/ws/chat', wrong)).status).toBe(401)
    const page = { ...upgrade, ...as('ada'), origin: 'https://evil.example' }
    expect((await ask('GET', '/ws/chat', page)).status).toBe(403)
    expect((await ask('GET', '/ws/chat', { ...upgrade, ...as('ada') })).status).toBe(101)
  })

  it('of administrators answers nobody else, by whatever spelling', async () => {
    const told: string[] = []
    for (const { method, path } of routes) {
      if (!path.startsWith('/api/admin/')) continue
      for (const each of [
        path,
        `${path}/`,
        `/${path}`,
        path.replace('admin', '%61dmin'),
        path.replace('/admin/', '//admin/'),
        path.replace('/admin', '/x/../admin'),
      ]) {
        const { status } = await ask(method, each, as('ada'))
        if (status < 400) told.push(`${method} ${each} ${status}`)
      }
    }
    expect(told).toEqual([])
  })
})
