// Serves metadata.json, or the file that you name, over stdio or HTTP. Run it: npm start -w examples/product-metadata-mcp
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { serveHttp, serveStdio } from '@t2t/mcp-orchestrator/server'
import { watchMetadata } from './metadata-source.ts'
import { createMetadataServer } from './server.ts'

// Standard output belongs to the protocol.
const complain = (message: string): void => void process.stderr.write(`${message}\n`)

try {
  const { values, positionals } = parseArgs({
    options: { http: { type: 'boolean' }, port: { type: 'string', default: '0' } },
    allowPositionals: true,
  })
  const path = positionals[0] ?? join(import.meta.dirname, 'metadata.json')
  const source = await watchMetadata(path, complain)
  if (values.http === true) {
    const server = await serveHttp(() => createMetadataServer(source), {
      port: Number(values.port),
    })
    source.onChange(() => server.notify.resourcesChanged())
    for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => void server.close())
    complain(`Serving at ${server.url}`)
  } else serveStdio(() => createMetadataServer(source))
} catch (error) {
  complain(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
