// Gathers from two MCP servers, then from the one that is left, and says which is missing. Run it: npm start -w examples/two-servers-one-answer
import assert from 'node:assert/strict'
import { once } from 'node:events'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { join } from 'node:path'
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { McpServer } from '@modelcontextprotocol/server'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { http, stdio } from '@t2t/mcp-orchestrator/sdk'

// The first server: opening hours, over HTTP. Every request has a server of its own.
async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const server = new McpServer({ name: 'opening-hours', version: '1.0.0' })
  server.registerResource('today', 'hours://today', {}, ({ href }) => ({
    contents: [{ uri: href, text: 'Open from 8 to 20.' }],
  }))
  const transport = new NodeStreamableHTTPServerTransport()
  await server.connect(transport)
  await transport.handleRequest(request, response)
}
const hours = createServer((request, response) => void answer(request, response))
hours.listen(0, '127.0.0.1')
await once(hours, 'listening')
const address = hours.address()
assert(address !== null && typeof address === 'object')

// The second server: product metadata, a process of its own.
const program = join(import.meta.dirname, '..', 'product-metadata-mcp', 'main.ts')

await using orchestrator = createOrchestrator({
  servers: [
    {
      name: 'hours',
      priority: 10,
      connector: http({ url: `http://127.0.0.1:${address.port}/mcp` }),
    },
    {
      name: 'metadata',
      priority: 1,
      connector: stdio({ command: process.execPath, args: [program] }),
    },
  ],
})

const whole = await orchestrator.gather()
console.log('With both servers:')
for (const { server, uri, bytes } of whole.items) console.log(`  ${server}  ${uri}, ${bytes} bytes`)

hours.close()
hours.closeAllConnections()
await once(hours, 'close')

// What was gathered holds for five minutes; a refresh asks the servers again.
const partial = await orchestrator.gather({ cacheMode: 'refresh' })
console.log('With one:')
for (const { server, uri, bytes } of partial.items)
  console.log(`  ${server}  ${uri}, ${bytes} bytes`)
for (const { server, kind, message } of partial.failures) {
  console.log(`  ${server}  is missing (${kind}): ${message}`)
}

assert.deepEqual(
  [
    whole.items.map(({ uri }) => uri),
    whole.isComplete,
    partial.items.map(({ uri }) => uri),
    partial.failures.map(({ server, kind }) => `${server}: ${kind}`),
  ],
  [
    [
      'metadata://aliases',
      'metadata://glossary',
      'metadata://metrics',
      'metadata://translations',
      'hours://today',
    ],
    true,
    ['metadata://aliases', 'metadata://glossary', 'metadata://metrics', 'metadata://translations'],
    ['hours: unreachable'],
  ],
)
