import { AsyncLocalStorage } from 'node:async_hooks'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { McpServer } from '@modelcontextprotocol/server'
import { createOrchestrator, type Connector, type OrchestratorOptions } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { serveStateless } from '../fixtures/http-server.ts'

const trace = {
  traceparent: '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01',
  tracestate: 'vendor=1',
  baggage: 'tenant=7',
}

type Meta = Readonly<Record<string, unknown>>
type Seen = (readonly [method: string, meta: Meta, traceparent?: string | null | undefined])[]

/** A real server that keeps the `_meta` of what it is asked. */
function recorder(seen: Seen): () => McpServer {
  return () => {
    const server = new McpServer({ name: 'recorder', version: '1.0.0' })
    const note = (method: string, meta: object | undefined, request?: Request): void => {
      const own = Object.entries(meta ?? {}).filter(([key]) => !key.startsWith('io.'))
      seen.push([method, Object.fromEntries(own), request?.headers.get('traceparent')])
    }
    server.registerResource('note', 'note://one', {}, (uri, { mcpReq, http }) => {
      note('read', mcpReq._meta, http?.req)
      return { contents: [{ uri: uri.href, text: 'one' }] }
    })
    server.registerTool('work', { inputSchema: z.object({}) }, (_, { mcpReq, http }) => {
      note('call', mcpReq._meta, http?.req)
      return { content: [{ type: 'text', text: 'done' }] }
    })
    return server
  }
}

function orchestrate(connector: Connector, options: Partial<OrchestratorOptions>) {
  return createOrchestrator({ servers: [{ name: 'one', priority: 1, connector }], ...options })
}

const adapters = [
  ['./sdk', { ...legacy, protocol: {} }],
  ['./modern in the old protocol', { ...modern, protocol: { protocol: 'legacy' } }],
  ['./modern in the new protocol', { ...modern, protocol: { protocol: 'auto' } }],
] as const

describe.each(adapters)('the _meta of requests of %s', (_, { fromTransport, http, protocol }) => {
  it('reaches the server with reads and calls, over HTTP as headers too', async () => {
    const seen: Seen = []
    await using server = await serveStateless(recorder(seen))
    await using orchestrator = orchestrate(http({ url: server.url, ...protocol }), {
      meta: () => trace,
    })

    await orchestrator.gather()
    await orchestrator.callTool({ server: 'one', tool: 'work', input: {} })

    expect(seen).toEqual([
      ['read', trace, trace.traceparent],
      ['call', trace, trace.traceparent],
    ])
  })

  it('comes from the context of each caller, and a call may add to it', async () => {
    const seen: Seen = []
    const callers = new AsyncLocalStorage<string>()
    await using orchestrator = orchestrate(
      fromTransport(async () => {
        const [ours, theirs] = InMemoryTransport.createLinkedPair()
        await recorder(seen)().connect(theirs)
        return ours
      }),
      { meta: () => ({ caller: callers.getStore() }) },
    )
    const call = (meta: Meta) => () =>
      orchestrator.callTool({ server: 'one', tool: 'work', input: {} }, { meta })

    await Promise.all([callers.run('a', call({ step: 1 })), callers.run('b', call({ step: 2 }))])

    expect(seen).toEqual([
      ['call', { caller: 'a', step: 1 }, undefined],
      ['call', { caller: 'b', step: 2 }, undefined],
    ])
  })

  it('cannot change what the protocol itself says, and keeps nothing from being sent', async () => {
    const seen: Seen = []
    await using server = await serveStateless(recorder(seen))
    await using orchestrator = orchestrate(http({ url: server.url, ...protocol }), {
      meta: () => {
        throw new Error('no context')
      },
    })
    const meta = {
      progressToken: 'mine',
      'io.modelcontextprotocol/protocolVersion': '1999-01-01',
      traceparent: 'two\nlines',
    }

    const outcome = await orchestrator.callTool(
      { server: 'one', tool: 'work', input: {} },
      { meta },
    )

    expect(outcome).toMatchObject({ kind: 'result', text: 'done' })
    expect(seen).toEqual([['call', { traceparent: 'two\nlines' }, null]])
  })
})
