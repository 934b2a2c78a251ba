// Serves metadata.json, or the file that you name, over stdio. Run it: npm start -w examples/product-metadata-mcp
import { join } from 'node:path'
import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { readMetadataFile } from './metadata-file.ts'
import { createMetadataServer } from './server.ts'

try {
  const path = process.argv[2] ?? join(import.meta.dirname, 'metadata.json')
  const metadata = await readMetadataFile(path)
  serveStdio(() => createMetadataServer(metadata))
} catch (error) {
  // Standard output belongs to the protocol.
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`)
  process.exitCode = 1
}
