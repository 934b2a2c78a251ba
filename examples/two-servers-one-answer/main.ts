// Gathers from two MCP servers, then from the one that is left, and says which is missing. Run it: npm start -w examples/two-servers-one-answer
import assert from 'node:assert/strict'
import { join } from 'node:path'
import { McpServer } from '@modelcontextprotocol/server'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { http, stdio } from '@t2t/mcp-orchestrator/sdk'
import { serveHttp } from '@t2t/mcp-orchestrator/server'

// The first server: opening hours, over HTTP.
const hours = await serveHttp(() => {
  const server = new McpServer({ name: 'opening-hours', version: '1.0.0' })
  server.registerResource('today', 'hours://today', {}, ({ href }) => ({
    contents: [{ uri: href, text: 'Open from 8 to 20.' }],
  }))
  return server
})

// The second server: product metadata, a process of its own.
const program = join(import.meta.dirname, '..', 'product-metadata-mcp', 'main.ts')

await using orchestrator = createOrchestrator({
  servers: [
    {
      name: 'hours',
      priority: 10,
      connector: http({ url: hours.url }),
    },
    {
      name: 'metadata',
      priority: 1,
      connector: stdio({ command: process.execPath, args: ['--conditions=@t2t/source', program] }),
    },
  ],
})

const whole = await orchestrator.gather()
console.log('With both servers:')
for (const { server, uri, bytes } of whole.items) console.log(`  ${server}  ${uri}, ${bytes} bytes`)

await hours.close()

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
