import type { McpServer } from '@modelcontextprotocol/server'
import type { Served } from './served.ts'

/** What a resource with a catalog is called; its text is the JSON of a `Catalog`. */
export const catalogMimeType = 'application/vnd.t2t.catalog+json'

/** How long a client may keep a catalog, in milliseconds. */
const ttlMs = 60_000

/** Adds the catalog of each database, as the policy shows it, as `db://<name>/catalog`. */
export function addCatalogResources(server: McpServer, served: Served): void {
  for (const database of served.values()) {
    const uri = `db://${database.name}/catalog`
    server.registerResource(
      `${database.name}-catalog`,
      uri,
      {
        title: `Catalog of ${database.name}`,
        description: 'Tables, columns and keys that can be read.',
        mimeType: catalogMimeType,
        cacheHint: { ttlMs, cacheScope: 'private' },
      },
      async (_uri, { mcpReq }) => {
        const catalog = await database.catalog({ signal: mcpReq.signal }).catch(() => {
          throw new Error('The catalog cannot be read now.')
        })
        return { contents: [{ uri, mimeType: catalogMimeType, text: JSON.stringify(catalog) }] }
      },
    )
  }
}
