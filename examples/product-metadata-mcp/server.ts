import { McpServer } from '@modelcontextprotocol/server'
import type { MetadataSource } from './metadata-source.ts'

/** The type of the resources that answer questions, by which programs recognise them. */
export const metadataMimeType = 'application/vnd.t2t.metadata+json'
/** The type of the metric definitions. */
export const metricsMimeType = 'application/vnd.t2t.metrics+json'
/** The type of the glossary. */
export const glossaryMimeType = 'application/vnd.t2t.glossary+json'

/** How long clients of 2026-07-28 may keep it; they are told when it changes before. */
const cacheHint = { ttlMs: 300_000, cacheScope: 'private' as const }

/** The lists, each of which is one resource, and what they are for. */
const lists = [
  ['aliases', metadataMimeType, 'Names that people use for stored values.'],
  ['translations', metadataMimeType, 'Words that people use for SQL expressions.'],
  ['metrics', metricsMimeType, 'Figures that the business agreed on, with their definitions.'],
  ['glossary', glossaryMimeType, 'What words mean here.'],
] as const

/**
 * Creates an MCP server that serves metadata as resources, one list each; aliases and translations
 * always, metrics and glossary when there are any. Clients are told when the metadata changes.
 */
export function createMetadataServer(source: MetadataSource): McpServer {
  const server = new McpServer(
    { name: 'product-metadata', version: '1.0.0' },
    { cacheHints: { 'resources/list': cacheHint, 'resources/read': cacheHint } },
  )
  const isServed = (list: (typeof lists)[number][0]): boolean =>
    list === 'aliases' || list === 'translations' || source.current()[list].length > 0

  const registered = lists.map(([list, mimeType, description]) => {
    const resource = server.registerResource(
      list,
      `metadata://${list}`,
      { mimeType, description },
      ({ href }) => ({
        contents: [
          { uri: href, mimeType, text: JSON.stringify({ [list]: source.current()[list] }) },
        ],
      }),
    )
    if (!isServed(list)) resource.disable()
    return { list, resource }
  })
  const stop = source.onChange(() => {
    for (const { list, resource } of registered) {
      if (resource.enabled !== isServed(list)) resource.update({ enabled: isServed(list) })
    }
    server.sendResourceListChanged()
  })
  server.server.onclose = stop
  return server
}
