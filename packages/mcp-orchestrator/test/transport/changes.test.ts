import { McpServer } from '@modelcontextprotocol/server'
import { createOrchestrator, type Connector, type ServerEvent } from '@t2t/mcp-orchestrator'
import * as modern from '@t2t/mcp-orchestrator/modern'
import * as legacy from '@t2t/mcp-orchestrator/sdk'
import { serveHttp } from '@t2t/mcp-orchestrator/server'
import { describe, expect, it } from 'vitest'
import { patiently } from '../fixtures/patiently.ts'

const cacheHint = { ttlMs: 60_000, cacheScope: 'private' as const }

/** A server with three resources, which tells when one of them changes. */
async function serveNotes() {
  const texts = new Map(['a', 'b', 'c'].map((name) => [`note://${name}`, `${name} 1`]))
  const told = new Set<McpServer>()
  const reads: string[] = []
  const http = await serveHttp(({ era }) => {
    const server = new McpServer(
      { name: 'notes', version: '1.0.0' },
      {
        capabilities: { resources: { subscribe: true, listChanged: true } },
        // Without a word on it, answers of the new protocol hold for no time.
        cacheHints: { 'resources/list': cacheHint, 'resources/read': cacheHint },
      },
    )
    for (const uri of texts.keys()) {
      server.registerResource(uri, uri, {}, () => {
        reads.push(uri)
        return { contents: [{ uri, text: texts.get(uri) ?? '' }] }
      })
    }
    server.server.setRequestHandler('resources/subscribe', () => {
      if (era === 'legacy') told.add(server)
      return {}
    })
    return server
  })
  return {
    http,
    change: async (uri: string) => {
      texts.set(uri, `${uri.at(-1)} 2`)
      http.notify.resourceUpdated(uri)
      await Promise.all([...told].map(({ server }) => server.sendResourceUpdated({ uri })))
    },
    reads,
  }
}

const ways: readonly (readonly [string, (url: string) => Connector])[] = [
  ['./sdk', (url) => legacy.http({ url })],
  ['./modern in the old protocol', (url) => modern.http({ url, protocol: 'legacy' })],
  ['./modern in the new protocol', (url) => modern.http({ url, protocol: 'modern' })],
]

describe.each(ways)('a change of one resource, with %s,', (_, connectorOf) => {
  it('has that resource read anew, and no other', async () => {
    const notes = await serveNotes()
    await using _server = notes.http
    const heard: ServerEvent[] = []
    await using orchestrator = createOrchestrator({
      servers: [{ name: 'notes', priority: 1, connector: connectorOf(notes.http.url) }],
      onServerEvent: (event) => heard.push(event),
    })
    const textsOf = async () => (await orchestrator.gather()).items.map(({ text }) => text)
    expect(await textsOf()).toEqual(['a 1', 'b 1', 'c 1'])

    // Told again and again: the client may still be asking to be told.
    await expect
      .poll(async () => {
        await notes.change('note://b')
        return heard.some((event) => event.type === 'catalog-changed' && event.what === 'resource')
      }, patiently)
      .toBe(true)

    await expect.poll(textsOf, patiently).toEqual(['a 1', 'b 2', 'c 1'])
    expect(notes.reads.filter((uri) => uri !== 'note://b')).toEqual(['note://a', 'note://c'])
  })
})
