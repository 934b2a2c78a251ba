import type { Failure, GatheredItem, Orchestrator } from '@t2t/mcp-orchestrator'
import type { Catalog } from '@t2t/sql-guard'
import type { MissingSource } from '../assistant/answer.ts'
import type { ContextSource, SourcedMetadata } from '../assistant/assistant.ts'
import { CatalogMissingError } from '../errors/errors.ts'
import type { Source } from '../metadata/metadata.ts'
import { parseMetadata } from '../metadata/parse.ts'
import { parseCatalog } from './catalog-json.ts'

/** The MIME type of a catalog as JSON. */
export const catalogMimeType = 'application/vnd.t2t.catalog+json'
/** The MIME type of metadata as JSON. */
export const metadataMimeType = 'application/vnd.t2t.metadata+json'

/** Options for {@link mcpContext}. */
export interface McpContextOptions {
  /**
   * Only servers that serve one of these subjects.
   * @defaultValue all
   */
  readonly domains?: readonly string[] | undefined
  /**
   * Only these servers.
   * @defaultValue all
   */
  readonly servers?: readonly string[] | undefined
}

/**
 * Gathers the catalog and the metadata from MCP servers.
 *
 * Resources are recognised by their MIME type. Of several catalogs the one with the lowest
 * priority number is taken, and of several definitions of one term likewise. Servers that did not
 * answer and resources that are not valid are named in `missing`; the rest is used without them.
 *
 * @throws {@link CatalogMissingError} from the source, when no server gave a catalog.
 *
 * @example
 * ```ts
 * import { mcpContext } from '@t2t/llm-sql/mcp'
 * import type { Orchestrator } from '@t2t/mcp-orchestrator'
 *
 * declare const orchestrator: Orchestrator
 *
 * const context = mcpContext(orchestrator, { domains: ['retail'] })
 * ```
 */
export function mcpContext(
  orchestrator: Pick<Orchestrator, 'gather'>,
  options: McpContextOptions = {},
): ContextSource {
  return async (signal) => {
    const gathered = await orchestrator.gather({ ...options, signal })
    const missing: MissingSource[] = gathered.failures.map(missingFrom)
    const sources: Source[] = []
    const metadata: SourcedMetadata[] = []
    const known = new Set<string>()
    let catalog: Catalog | undefined
    let catalogSource: Source | undefined

    for (const item of gathered.items.toSorted((a, b) => a.priority - b.priority)) {
      const source: Source = { name: item.server, uri: item.uri, priority: item.priority }
      const kind = mimeTypeOf(item)
      if (kind === catalogMimeType) {
        const read = parseCatalog(jsonOf(item))
        if (read === undefined) missing.push(invalid(item, 'catalog'))
        else if (catalog === undefined) {
          catalog = read
          catalogSource = source
          sources.push(source)
        }
      } else if (kind === metadataMimeType) {
        const read = parseMetadata(jsonOf(item))
        if (read === undefined) missing.push(invalid(item, 'metadata'))
        else {
          if (read.dropped > 0)
            missing.push({
              name: item.server,
              reason: `${read.dropped} entries of ${item.uri} are not valid.`,
            })
          metadata.push({ metadata: withoutKnown(read.metadata, known), source })
          sources.push(source)
        }
      }
    }
    if (catalog === undefined) throw new CatalogMissingError(missing)
    return { catalog, catalogSource, metadata, sources, missing }
  }
}

/** Keeps out terms that a source of a lower number has defined. */
function withoutKnown(
  { aliases, translations }: SourcedMetadata['metadata'],
  known: Set<string>,
): SourcedMetadata['metadata'] {
  const isNew = ({ term }: { readonly term: string }): boolean => {
    const key = term.trim().toLowerCase()
    if (known.has(key)) return false
    known.add(key)
    return true
  }
  return { aliases: aliases.filter(isNew), translations: translations.filter(isNew) }
}

function mimeTypeOf({ mimeType = '' }: GatheredItem): string {
  return (mimeType.split(';')[0] ?? '').trim().toLowerCase()
}

function jsonOf({ text, isTruncated }: GatheredItem): unknown {
  if (isTruncated) return undefined
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

function invalid({ server, uri, isTruncated }: GatheredItem, what: string): MissingSource {
  return {
    name: server,
    reason: isTruncated ? `The ${what} ${uri} is too long.` : `The ${what} ${uri} is not valid.`,
  }
}

function missingFrom({ server, message }: Failure): MissingSource {
  return { name: server, reason: message }
}
