import { request } from 'node:http'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { startServer, type TestServer } from '../fixtures/server.ts'

describe('the HTTP server', () => {
  let server: TestServer
  beforeAll(async () => {
    server = await startServer()
  })
  afterAll(() => server[Symbol.asyncDispose]())

  it('serves an OpenAPI document of its routes', async () => {
    const { status, body } = await server.get('/openapi.json')

    const { openapi, paths } = z
      .object({ openapi: z.string(), paths: z.record(z.string(), z.unknown()) })
      .parse(body)
    expect(status).toBe(200)
    expect(openapi).toBe('3.1.0')
    expect(Object.keys(paths).toSorted()).toEqual([
      '/api/admin/audit',
      '/api/admin/databases',
      '/api/admin/limits',
      '/api/admin/mcp-servers',
      '/api/admin/people/{id}',
      '/api/admin/policy',
      '/api/admin/refusals',
      '/api/admin/tool-executions',
      '/api/chat',
      '/api/chat/modes',
      '/api/health',
      '/api/health/live',
      '/api/health/ready',
      '/api/metrics',
      '/api/metrics/prometheus',
      '/api/results/{id}',
      '/api/results/{id}/csv',
      '/api/sessions',
      '/api/sessions/{id}',
      '/api/sessions/{id}/export',
      '/api/sessions/{id}/messages',
      '/api/sessions/{id}/statistics',
      '/health',
      '/metrics',
      '/ready',
      '/v1/chat/completions',
      '/v1/models',
      '/v1/models/{id}',
      '/v1/responses',
    ])
  })

  it('serves the page and nothing else of its folder', async () => {
    const page = await server.get('/')
    const script = await server.get('/steps.js')
    const outside = await server.get('/..%2fpackage.json')

    expect(page.body).toContain('<h1>Talk to tables</h1>')
    expect(script.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(outside.status).toBe(404)
  })

  it('answers what is not there in the form of the path', async () => {
    const own = await server.get('/api/nothing')
    const openai = await server.get('/v1/nothing')

    expect(own).toMatchObject({ status: 404, body: { error: { code: 'not-found' } } })
    expect(openai).toMatchObject({
      status: 404,
      body: { error: { type: 'invalid_request_error', code: 'not_found', param: null } },
    })
  })

  it('refuses names that are not those of loopback', async () => {
    const status = await new Promise((resolve, reject) => {
      request(new URL('/health', server.url), { headers: { host: 'evil.example' } }, (response) => {
        response.resume()
        resolve(response.statusCode)
      })
        .once('error', reject)
        .end()
    })

    expect(status).toBe(403)
  })

  it('refuses a body above 64 KiB', async () => {
    const { status, body } = await server.post('/api/chat', { query: 'x'.repeat(65_536) })

    expect(status).toBe(413)
    expect(body).toMatchObject({ error: { code: 'body-too-large' } })
  })

  it('refuses a body that is not JSON, or not called JSON', async () => {
    const malformed = await server.post('/api/chat', '{"query"')
    const plain = await server.post('/api/chat', '{"query": "x"}', {
      headers: { 'content-type': 'text/plain' },
    })

    expect(malformed).toMatchObject({ status: 400, body: { error: { code: 'body-malformed' } } })
    expect(plain).toMatchObject({ status: 415, body: { error: { code: 'content-type-refused' } } })
  })

  it('sends headers that protect the page, and an id', async () => {
    const { headers } = await server.get('/')

    expect(headers.get('content-security-policy')).toContain("default-src 'self'")
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(headers.get('x-request-id')).toMatch(/^req_/)
  })

  it('keeps connections longer than a proxy in front does', async () => {
    const { headers } = await server.get('/api/health/live')

    expect(headers.get('keep-alive')).toBe('timeout=65')
  })

  it.for(['/api/health', '/health'])('reports at %s how the parts are', async (path) => {
    expect(await server.get(path)).toMatchObject({
      status: 200,
      body: {
        status: 'healthy',
        checks: { database: { status: 'healthy' }, metadata: { status: 'healthy' } },
      },
    })
  })

  it.for([
    ['/api/health/live', { status: 'alive' }],
    ['/api/health/ready', { isReady: true, reasons: [] }],
    ['/ready', { isReady: true, reasons: [] }],
  ] as const)('answers %s with %j', async ([path, body]) => {
    expect(await server.get(path)).toMatchObject({ status: 200, body })
  })

  it('measures requests by route, never by path', async () => {
    await server.get('/api/sessions/secret-id')

    const { body, headers } = await server.get('/metrics')

    expect(headers.get('content-type')).toContain('text/plain; version=0.0.4')
    expect(body).toContain('http_route="/api/sessions/:id"')
    expect(body).not.toContain('secret-id')
    expect((await server.get('/api/metrics/prometheus')).status).toBe(200)
  })

  it('gives percentiles as JSON', async () => {
    await server.post('/api/chat', { query: 'SELECT count(*) FROM stores' })

    const { body } = await server.get('/api/metrics')

    expect(body).toMatchObject({
      metrics: expect.arrayContaining([
        expect.objectContaining({
          name: 'http.server.request.duration',
          series: expect.arrayContaining([
            expect.objectContaining({
              labels: expect.objectContaining({ 'http.route': '/api/chat' }),
              p95: expect.any(Number),
            }),
          ]),
        }),
      ]),
    })
  })
})
