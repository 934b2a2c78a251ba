// Serves metadata.json, or the file that you name, over stdio. Run it: npm start -w examples/product-metadata-mcp
import { join } from 'node:path'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { watchMetadata } from './metadata-source.ts'
import { createMetadataServer } from './server.ts'

// Standard output belongs to the protocol.
const complain = (message: string): void => void process.stderr.write(`${message}\n`)

try {
  const path = process.argv[2] ?? join(import.meta.dirname, 'metadata.json')
  const source = await watchMetadata(path, complain)
  serveStdio(() => createMetadataServer(source))
} catch (error) {
  complain(error instanceof Error ? error.message : String(error))
  process.exitCode = 1
}
