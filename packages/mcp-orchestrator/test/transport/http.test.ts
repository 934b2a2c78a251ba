import { createOrchestrator } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import { http, sse } from '@t2t/mcp-orchestrator/sdk'
import { describe, expect, it } from 'vitest'
import { serve, serveStateful, serveStateless } from '../fixtures/http-server.ts'

const calm = new AbortController().signal

describe('an HTTP server', () => {
  it('that is not there is unreachable', async () => {
    const server = await serveStateless()
    await server[Symbol.asyncDispose]()

    await expect(http({ url: server.url }).connect(calm)).rejects.toMatchObject({
      kind: 'unreachable',
      message: 'The server could not be reached (ECONNREFUSED).',
    })
  })

  it.for([
    [500, 'unreachable'],
    [429, 'unreachable'],
    [401, 'unauthorized'],
    [403, 'unauthorized'],
    [404, 'refused'],
  ] as const)('that answers with status %i is %s', async ([status, kind]) => {
    await using server = await serve((_, response) => {
      response.writeHead(status).end('<html>password=hunter2</html>')
    })

    await expect(http({ url: server.url }).connect(calm)).rejects.toMatchObject({
      kind,
      message: `The server answered with HTTP status ${status}.`,
    })
  })

  it('that answers with a page instead of messages is invalid', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end('<html></html>')
    })

    await expect(http({ url: server.url }).connect(calm)).rejects.toMatchObject({ kind: 'invalid' })
  })

  it('that accepts and never answers is ended by its deadline', async () => {
    await using server = await serve(() => undefined)
    await using orchestrator = createOrchestrator({
      servers: [
        { name: 'hanging', priority: 1, connector: http({ url: server.url }), timeoutMs: 50 },
      ],
    })

    expect(await orchestrator.connect()).toMatchObject([{ stage: 'connect', kind: 'timeout' }])
  })

  it('whose answer breaks off is named at once', async () => {
    await using server = await serve((_, response) => {
      response.writeHead(200, { 'content-type': 'text/event-stream' })
      response.write('data: {"json', () => response.destroy())
    })

    await expect(http({ url: server.url }).connect(calm)).rejects.toMatchObject({ kind: 'closed' })
  })

  it('that was started anew is used with a new session', async () => {
    const first = await serveStateful()
    await using orchestrator = createOrchestrator({
      servers: [{ name: 'contract', priority: 1, connector: http({ url: first.url }) }],
    })
    await orchestrator.connect()

    await first[Symbol.asyncDispose]()
    await using _second = await serveStateful(undefined, Number(new URL(first.url).port))
    const outcome = await orchestrator.callTool({
      server: 'contract',
      tool: 'echo',
      input: { text: 'again' },
    })

    expect(outcome).toMatchObject({ kind: 'result', text: 'again' })
  })

  it('gets the headers that it was given', async () => {
    const seen: unknown[] = []
    await using server = await serve((request, response) => {
      seen.push(request.headers['x-key'])
      response.writeHead(500).end()
    })

    const connecting = http({ url: server.url, headers: { 'x-key': 'k1' } }).connect(calm)

    await expect(connecting).rejects.toThrow('HTTP status 500')
    expect(seen).toEqual(['k1'])
  })

  it('does not send the headers to another origin', async () => {
    const seen: unknown[] = []
    await using other = await serve((request, response) => {
      seen.push(request.headers['x-key'])
      response.writeHead(500).end()
    })
    await using server = await serve((_, response) => {
      response.writeHead(307, { location: other.url }).end()
    })

    const connecting = http({ url: server.url, headers: { 'x-key': 'k1' } }).connect(calm)

    await expect(connecting).rejects.toMatchObject({ kind: 'refused' })
    expect(seen).toEqual([])
  })
})

describe.each([
  ['./sdk, http', http],
  ['./sdk, sse', sse],
  ['./modern, http', modern.http],
  ['./modern, sse', modern.sse],
] as const)('an attempt to connect with %s that nobody waits for any more', (_, connect) => {
  it('ends at once, and lets go of a server that never answers', async () => {
    const asked = Promise.withResolvers<void>()
    const left = Promise.withResolvers<void>()
    await using server = await serve((request) => {
      request.socket.once('close', left.resolve)
      asked.resolve()
    })
    const controller = new AbortController()
    const reason = new Error('left')
    const connecting = connect({ url: server.url }).connect(controller.signal)
    await asked.promise

    controller.abort(reason)

    await expect(connecting).rejects.toBe(reason)
    await left.promise
  })
})

describe('the options of an HTTP server', () => {
  it.for([
    ['http://sales.example/mcp', 'url must begin with https:'],
    ['http://10.0.0.7/mcp', 'url must begin with https:'],
    ['ftp://127.0.0.1/mcp', 'url must begin with https: or http:'],
    ['https://joe:pw@sales.example/mcp', 'url must not hold a user'],
    ['/mcp', 'url must be an absolute address.'],
  ])('do not allow %s', ([url = '', message = '']) => {
    expect(() => http({ url })).toThrow(message)
  })

  it.for([
    'https://sales.example/mcp',
    'http://localhost:3000/mcp',
    'http://127.0.0.1:3000/mcp',
    'http://[::1]:3000/mcp',
  ])('allow %s', (url) => {
    expect(http({ url }).description).toBe(`http: ${url}`)
  })

  it('allow plain HTTP elsewhere when that was said', () => {
    const { description } = http({ url: 'http://sales:3000/mcp?key=1', allowPlainHttp: true })

    expect(description).toBe('http: http://sales:3000/mcp')
  })
})
