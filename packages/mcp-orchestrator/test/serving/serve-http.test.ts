import { request as httpRequest } from 'node:http'
import {
  Client as ModernClient,
  StreamableHTTPClientTransport as ModernTransport,
} from '@modelcontextprotocol/client'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { McpServer } from '@modelcontextprotocol/server'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { http } from '@t2t/mcp-orchestrator/modern'
import { serveHttp, type ServeHttpOptions } from '@t2t/mcp-orchestrator/server'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { createFaultyMcpServer } from '../fixtures/faulty-mcp-server.ts'
import { patiently } from '../fixtures/patiently.ts'

const create = (): McpServer => {
  const server = new McpServer({ name: 'notes', version: '1.0.0' })
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, ({ text }) => ({
    content: [{ type: 'text', text }],
  }))
  server.registerResource('note', 'note://one', {}, ({ href }) => ({
    contents: [{ uri: href, text: 'one' }],
  }))
  return server
}

const serveNotes = (options?: ServeHttpOptions) => serveHttp(create, options)

async function connectLegacy(url: string) {
  const client = new Client({ name: 'test', version: '1' })
  const transport = new StreamableHTTPClientTransport(new URL(url))
  await client.connect(transport)
  return {
    client,
    transport,
    echo: () => client.callTool({ name: 'echo', arguments: { text: 'hi' } }),
    [Symbol.asyncDispose]: () => client.close(),
  }
}

const hello = {
  jsonrpc: '2.0',
  id: 1,
  method: 'initialize',
  params: {
    protocolVersion: '2025-11-25',
    capabilities: {},
    clientInfo: { name: 't', version: '1' },
  },
}

/** Sends one request; gives status and body. */
function post(url: string, body: string, headers: Record<string, string> = {}) {
  return new Promise<{ status: number | undefined; text: string }>((resolve, reject) => {
    const sent = httpRequest(
      url,
      {
        method: 'POST',
        headers: {
          'content-type': 'application/json',
          accept: 'application/json, text/event-stream',
          ...headers,
        },
      },
      (response) => {
        let text = ''
        response.on('data', (chunk: Buffer) => (text += chunk.toString()))
        response.on('end', () => resolve({ status: response.statusCode, text }))
      },
    )
    sent.on('error', reject)
    sent.end(body)
  })
}

describe('a server over HTTP', () => {
  it('serves clients of both eras at one address', async () => {
    await using server = await serveNotes()
    await using legacy = await connectLegacy(server.url)
    const modern = new ModernClient(
      { name: 'test', version: '1' },
      { versionNegotiation: { mode: { pin: '2026-07-28' } } },
    )
    await modern.connect(new ModernTransport(new URL(server.url)))

    const answers = [
      await legacy.echo(),
      await modern.callTool({ name: 'echo', arguments: { text: 'hi' } }),
    ]

    await modern.close()
    expect(answers.map(({ content }) => content)).toEqual([
      [{ type: 'text', text: 'hi' }],
      [{ type: 'text', text: 'hi' }],
    ])
    expect(server.sessions).toBe(1)
  })

  it.each([
    ['a foreign host', { host: 'evil.example' }],
    ['a foreign origin', { origin: 'https://evil.example' }],
  ])('refuses %s before it reads anything', async (_, headers) => {
    await using server = await serveNotes()

    expect(await post(server.url, JSON.stringify(hello), headers)).toMatchObject({ status: 403 })
    expect(server.sessions).toBe(0)
  })

  it.each([
    ['a body that is too long', 'x'.repeat(2_000), 413],
    ['a body that is no JSON', '{', 400],
    ['an empty body', '', 400],
    ['a request without a session', JSON.stringify({ ...hello, method: 'tools/list' }), 400],
  ])('refuses %s', async (_, body, status) => {
    await using server = await serveNotes({ maxBodyBytes: 1_024 })

    expect(await post(server.url, body)).toMatchObject({ status })
    expect(server.sessions).toBe(0)
  })

  it('has nothing at other paths', async () => {
    await using server = await serveNotes({ path: '/here' })

    expect(await post(new URL('/mcp', server.url).href, '{}')).toMatchObject({ status: 404 })
    expect(new URL(server.url).pathname).toBe('/here')
  })

  it('does not know a session that it never gave, or that was ended', async () => {
    await using server = await serveNotes()
    await using legacy = await connectLegacy(server.url)
    const { sessionId = '' } = legacy.transport
    await legacy.transport.terminateSession()

    const ping = JSON.stringify({ jsonrpc: '2.0', id: 2, method: 'ping' })
    const statuses = []
    for (const id of [sessionId, 'made-up']) {
      statuses.push((await post(server.url, ping, { 'mcp-session-id': id })).status)
    }

    expect(statuses).toEqual([404, 404])
    expect(server.sessions).toBe(0)
  })

  it('gives a new session the place of the one that was idle for longest', async () => {
    const clock = createFakeClock({ advancesItself: false })
    await using server = await serveNotes({ maxSessions: 2, clock })
    const open = async () => {
      await clock.advance(10)
      return post(server.url, JSON.stringify(hello))
    }

    const opened = [await open(), await open(), await open()]

    expect(opened.map(({ status }) => status)).toEqual([200, 200, 200])
    expect(server.sessions).toBe(2)
  })

  it('refuses a new session when every one is in use', async () => {
    await using server = await serveHttp(() => createFaultyMcpServer(), { maxSessions: 1 })
    await using busy = await connectLegacy(server.url)
    const controller = new AbortController()
    const call = busy.client.callTool({ name: 'silent' }, undefined, { signal: controller.signal })
    call.catch(() => undefined)
    await busy.client.callTool({ name: 'pid' })

    const { status, text } = await post(server.url, JSON.stringify(hello))

    controller.abort()
    expect(status).toBe(503)
    expect(text).toContain('too many sessions')
  })

  it('closes a session that is idle for too long, and keeps no timer when there is none', async () => {
    const clock = createFakeClock({ advancesItself: false })
    await using server = await serveNotes({ sessionIdleMs: 1_000, clock })
    await post(server.url, JSON.stringify(hello))

    await clock.advance(2_000)

    expect(server.sessions).toBe(0)
    expect(clock.pendingTimers).toBe(0)
  })

  it('tells the server of a session that its client has cancelled a call', async () => {
    const tally = { started: 0, cancelled: 0 }
    await using server = await serveHttp(() => createFaultyMcpServer({ tally }))
    await using orchestrator = createOrchestrator({
      servers: [
        { name: 'one', priority: 1, connector: http({ url: server.url, protocol: 'legacy' }) },
      ],
    })
    const call = async (tool: string, signal?: AbortSignal) =>
      orchestrator.callTool({ server: 'one', tool, input: {} }, { signal })
    const controller = new AbortController()
    const silent = call('silent', controller.signal).catch((error: unknown) => error)
    await expect.poll(() => tally.started, patiently).toBe(1)

    controller.abort(new Error('no longer of interest'))

    expect(await silent).toEqual(new Error('no longer of interest'))
    await expect.poll(() => tally.cancelled, patiently).toBe(1)
  })

  it('serves clients of the old protocol without sessions when it is told to', async () => {
    await using server = await serveNotes({ maxSessions: 0 })
    await using legacy = await connectLegacy(server.url)

    expect(await legacy.echo()).toMatchObject({ content: [{ text: 'hi' }] })
    expect([legacy.transport.sessionId, server.sessions]).toEqual([undefined, 0])
  })

  it('ends what is under way when it is closed, twice without harm', async () => {
    const server = await serveHttp(() => createFaultyMcpServer())
    await using legacy = await connectLegacy(server.url)
    const call = legacy.client.callTool({ name: 'silent' }).catch(() => 'ended')
    await legacy.client.callTool({ name: 'pid' })

    await server.close()
    await server.close()

    await legacy.client.close()
    expect(await call).toBe('ended')
    await expect(connectLegacy(server.url)).rejects.toThrow('fetch failed')
  })

  it.each([
    ['host', { host: '0.0.0.0' }],
    ['path', { path: 'mcp' }],
    ['port', { port: 70_000 }],
    ['maxBodyBytes', { maxBodyBytes: 1 }],
    ['maxSessions', { maxSessions: -1 }],
    ['sessionIdleMs', { sessionIdleMs: 0 }],
  ])('refuses a %s that cannot work', async (_, options) => {
    await expect(serveNotes(options)).rejects.toMatchObject({ code: 'MCP_OPTION_INVALID' })
  })
})
