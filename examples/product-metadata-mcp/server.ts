import { McpServer } from '@modelcontextprotocol/server'
import type { Metadata } from '@t2t/llm-sql/metadata'
import type { MetadataSource } from './metadata-source.ts'

/** The type of the resources that answer questions, by which programs recognise them. */
export const metadataMimeType = 'application/vnd.t2t.metadata+json'
/** The type of the metric definitions. */
export const metricsMimeType = 'application/vnd.t2t.metrics+json'
/** The type of the glossary. */
export const glossaryMimeType = 'application/vnd.t2t.glossary+json'

/** How long clients of 2026-07-28 may keep it; they are told when it changes before. */
const cacheHint = { ttlMs: 300_000, cacheScope: 'private' as const }

/** The parts, each of which is one resource, and what they are for. */
const parts: readonly (readonly [part: keyof Metadata, mimeType: string, description: string])[] = [
  ['aliases', metadataMimeType, 'Names that people use for stored values.'],
  ['translations', metadataMimeType, 'Words that people use for SQL expressions.'],
  ['metrics', metricsMimeType, 'Figures that the business agreed on, with their definitions.'],
  ['glossary', glossaryMimeType, 'What words mean here.'],
  ['synonyms', metadataMimeType, 'Other words for stored values.'],
  ['fiscalCalendar', metadataMimeType, 'How years, quarters and weeks are counted.'],
]

/** What is served also when the file says nothing about it. */
const always: readonly (keyof Metadata)[] = ['aliases', 'translations']

/**
 * Creates an MCP server that serves metadata as resources, one part each; aliases and translations
 * always, the others when there are any. Clients are told when the metadata changes.
 */
export function createMetadataServer(source: MetadataSource): McpServer {
  const server = new McpServer(
    { name: 'product-metadata', version: '1.0.0' },
    { cacheHints: { 'resources/list': cacheHint, 'resources/read': cacheHint } },
  )
  const isServed = (part: keyof Metadata): boolean => {
    const value = source.current()[part]
    return always.includes(part) || (Array.isArray(value) ? value.length > 0 : value !== undefined)
  }

  const registered = parts.map(([part, mimeType, description]) => {
    const resource = server.registerResource(
      part,
      `metadata://${part}`,
      { mimeType, description },
      ({ href }) => ({
        contents: [
          { uri: href, mimeType, text: JSON.stringify({ [part]: source.current()[part] ?? [] }) },
        ],
      }),
    )
    if (!isServed(part)) resource.disable()
    return { part, resource }
  })
  const stop = source.onChange(() => {
    for (const { part, resource } of registered) {
      if (resource.enabled !== isServed(part)) resource.update({ enabled: isServed(part) })
    }
    server.sendResourceListChanged()
  })
  server.server.onclose = stop
  return server
}
