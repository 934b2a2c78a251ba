import { McpServer } from '@modelcontextprotocol/server'
import type { Metadata } from './metadata-file.ts'

/** The type of the resources, by which programs recognise them. */
export const metadataMimeType = 'application/vnd.t2t.metadata+json'

/** Creates an MCP server that serves metadata as two resources, one list each. */
export function createMetadataServer(metadata: Metadata): McpServer {
  const server = new McpServer({ name: 'product-metadata', version: '1.0.0' })
  const mimeType = metadataMimeType

  server.registerResource(
    'aliases',
    'metadata://aliases',
    { mimeType, description: 'Names that people use for stored values.' },
    ({ href }) => ({
      contents: [{ uri: href, mimeType, text: JSON.stringify({ aliases: metadata.aliases }) }],
    }),
  )
  server.registerResource(
    'translations',
    'metadata://translations',
    { mimeType, description: 'Words that people use for SQL expressions.' },
    ({ href }) => ({
      contents: [
        { uri: href, mimeType, text: JSON.stringify({ translations: metadata.translations }) },
      ],
    }),
  )
  return server
}
