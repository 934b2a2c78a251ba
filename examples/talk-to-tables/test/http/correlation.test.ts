import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createPinoLogger } from '@t2t/metrics/pino'
import { toNodeHandler } from '@modelcontextprotocol/node'
import { createMcpHandler, McpServer } from '@modelcontextprotocol/server'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { z } from 'zod'
import { configWithUsers, as } from '../fixtures/keys.ts'
import { startServer, type TestServer } from '../fixtures/server.ts'

const trace = '4bf92f3577b34da6a3ce929d0e0e4736'
const sent = {
  traceparent: `00-${trace}-00f067aa0ba902b7-01`,
  tracestate: 'vendor=1',
  'x-correlation-id': 'order-7',
}
/** What reached an MCP server of another team, by the method of the call. */
const reached: { readonly method: string; readonly headers: IncomingHttpHeaders; meta: unknown }[] =
  []
const lines: Record<string, unknown>[] = []
let server: TestServer
let close: () => Promise<void>

const message = z.looseObject({
  method: z.string(),
  params: z.looseObject({ _meta: z.unknown() }).optional(),
})

beforeAll(async () => {
  const handler = createMcpHandler(() => {
    const mcp = new McpServer({ name: 'notes', version: '1' })
    mcp.registerResource('note', 'note://one', {}, () => ({
      contents: [{ uri: 'note://one', text: 'a note' }],
    }))
    return mcp
  })
  const answer = toNodeHandler(handler)
  const http = createServer((request, response) => {
    const { method = 'GET', url = '/', headers } = request
    const chunks: Buffer[] = []
    request.on('data', (chunk: Buffer) => chunks.push(chunk))
    request.on('end', () => {
      const body = Buffer.concat(chunks)
      const read = message.safeParse(body.length > 0 ? JSON.parse(body.toString()) : undefined)
      if (read.success)
        reached.push({ method: read.data.method, headers, meta: read.data.params?.['_meta'] })
      const again = {
        method,
        url,
        headers,
        async *[Symbol.asyncIterator]() {
          yield body
        },
      }
      void answer(again, response)
    })
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const config = configWithUsers({
    mcp_servers: [
      { name: 'notes', priority: 1, transport: 'http', url: `http://127.0.0.1:${port}/mcp` },
    ],
    orchestration: { resource_cache_ttl: 0 },
  })
  const log = createPinoLogger({
    service: 'talk-to-tables',
    destination: { write: (line) => void lines.push(JSON.parse(line)) },
  })
  server = await startServer({ config, log })
  close = async () => {
    await handler.close()
    http.closeAllConnections()
    await new Promise((resolve) => http.close(resolve))
  }
})
afterAll(async () => {
  await server[Symbol.asyncDispose]()
  await close()
})

describe('what ties a request together', () => {
  it('goes with it to MCP servers, as _meta and as headers, in the same trace', async () => {
    reached.length = 0
    await server.post(
      '/api/chat',
      { query: 'how many orders' },
      { headers: { ...as('ada'), ...sent } },
    )

    const read = reached.find(({ method }) => method === 'resources/read')
    expect(read?.meta).toMatchObject({
      traceparent: expect.stringMatching(new RegExp(`^00-${trace}-[0-9a-f]{16}-01$`)),
      tracestate: 'vendor=1',
    })
    expect(read?.headers['traceparent']).toContain(trace)
  })

  it('comes back to the caller, and is in the line that is logged', async () => {
    lines.length = 0
    const { headers } = await server.post(
      '/api/chat',
      { query: 'how many orders in Vienna' },
      { headers: { ...as('ada'), ...sent } },
    )

    expect(headers.get('x-correlation-id')).toBe('order-7')
    expect(lines).toContainEqual(
      expect.objectContaining({
        correlation_id: 'order-7',
        trace_id: trace,
        route: '/api/chat',
        status: 200,
        role: 'analyst',
      }),
    )
    expect(JSON.stringify(lines)).not.toMatch(/Vienna|t2t_[\w-]{20}|key:ada/)
  })

  it('is replaced where it could forge a line or a header', async () => {
    const headers = { ...as('ada'), 'x-correlation-id': 'a b;c', traceparent: 'nonsense' }
    const answered = await server.get('/v1/models', headers)
    expect(answered.headers.get('x-correlation-id')).toMatch(/^[0-9a-f]{32}$/)
  })
})

describe('the metrics of the server', () => {
  it('count the sessions in which something was said', async () => {
    const read = async () =>
      Number(
        /^t2t_sessions_active (\d+)$/m.exec(
          String((await server.get('/metrics', as('admin'))).body),
        )?.[1],
      )
    await read()
    const before = await read()
    await server.post('/api/chat', { query: 'how many orders' }, { headers: as('ada') })
    await read()
    expect(await read()).toBe(before + 1)
  })
})
