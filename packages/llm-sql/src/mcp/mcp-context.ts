import type { Failure, GatheredItem, Orchestrator } from '@t2t/mcp-orchestrator'
import type { Catalog } from '@t2t/sql-guard'
import type { MissingSource } from '../assistant/answer.ts'
import type { Context, ContextSource, SourcedMetadata } from '../assistant/assistant.ts'
import { CatalogMissingError } from '../errors/errors.ts'
import type { Source } from '../metadata/metadata.ts'
import { parseMetadata } from '../metadata/parse.ts'
import { parseCatalog } from './catalog-json.ts'

/** The MIME type of a catalog as JSON. */
export const catalogMimeType = 'application/vnd.t2t.catalog+json'
/** The MIME type of metadata as JSON. */
export const metadataMimeType = 'application/vnd.t2t.metadata+json'
/** Servers may give some of the lists a type of their own; the form is the same. */
const metadataMimeTypes: ReadonlySet<string> = new Set([
  metadataMimeType,
  'application/vnd.t2t.metrics+json',
  'application/vnd.t2t.glossary+json',
])

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
 * priority number is taken; definitions are merged for each reader. Servers that did not answer and
 * resources that are not valid are named in `missing`; the rest is used without them.
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
  let last: { readonly items: readonly GatheredItem[]; readonly known: Known } | undefined
  return async (signal) => {
    const { items, failures } = await orchestrator.gather({ ...options, signal })
    // What is said again is not read again, and what was made of it stays known by the same objects.
    const known = last !== undefined && areSame(last.items, items) ? last.known : read(items)
    last = { items, known }
    const { catalog, invalid, ...context } = known
    const missing = [...failures.map(missingFrom), ...invalid]
    if (catalog === undefined) throw new CatalogMissingError(missing)
    return { ...context, catalog, missing }
  }
}

/** What was read out of resources. */
interface Known extends Pick<Context, 'catalogSource' | 'metadata' | 'sources'> {
  readonly catalog: Catalog | undefined
  /** Resources that are there and cannot be used. */
  readonly invalid: readonly MissingSource[]
}

function areSame(before: readonly GatheredItem[], after: readonly GatheredItem[]): boolean {
  return (
    before.length === after.length &&
    before.every((item, index) => {
      const { server, uri, priority, mimeType, isTruncated, text } = after[index] ?? item
      return (
        item.server === server &&
        item.uri === uri &&
        item.priority === priority &&
        item.mimeType === mimeType &&
        item.isTruncated === isTruncated &&
        item.text === text
      )
    })
  )
}

function read(items: readonly GatheredItem[]): Known {
  const invalid: MissingSource[] = []
  const sources: Source[] = []
  const metadata: SourcedMetadata[] = []
  let catalog: Catalog | undefined
  let catalogSource: Source | undefined

  for (const item of items.toSorted((a, b) => a.priority - b.priority)) {
    const source: Source = { name: item.server, uri: item.uri, priority: item.priority }
    const kind = mimeTypeOf(item)
    if (kind === catalogMimeType) {
      const parsed = parseCatalog(jsonOf(item))
      if (parsed === undefined) invalid.push(unusable(item, 'catalog'))
      else if (catalog === undefined) {
        catalog = parsed
        catalogSource = source
        sources.push(source)
      }
    } else if (metadataMimeTypes.has(kind)) {
      const parsed = parseMetadata(jsonOf(item))
      if (parsed === undefined) invalid.push(unusable(item, 'metadata'))
      else {
        if (parsed.dropped > 0)
          invalid.push({
            name: item.server,
            reason: `${parsed.dropped} entries of ${item.uri} are not valid.`,
          })
        metadata.push({ metadata: parsed.metadata, source })
        sources.push(source)
      }
    }
  }
  return { catalog, catalogSource, metadata, sources, invalid }
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

function unusable({ server, uri, isTruncated }: GatheredItem, what: string): MissingSource {
  return {
    name: server,
    reason: isTruncated ? `The ${what} ${uri} is too long.` : `The ${what} ${uri} is not valid.`,
  }
}

function missingFrom({ server, message }: Failure): MissingSource {
  return { name: server, reason: message }
}
