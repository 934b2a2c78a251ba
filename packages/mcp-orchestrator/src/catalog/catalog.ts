import type { Clock } from '@t2t/resilience'
import { Cache, type CacheReply } from '../cache/cache.ts'
import type { CacheMode, CacheStatistics } from '../cache/cache-options.ts'
import type { CacheSpace } from '../cache/cache-space.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import type { ServerEvent } from '../orchestrator/events.ts'
import type {
  Connection,
  ConnectionNotice,
  RequestMeta,
  RequestOptions,
} from '../upstream/connection.ts'
import type { Upstream } from '../upstream/upstream.ts'
import { isUsableUri } from './names.ts'
import { prepareContent, type PreparedContent } from './prepare.ts'
import { prepareTool, type PreparedTool } from './prepare-tool.ts'

/** What a catalog is made of. */
export interface CatalogOptions {
  readonly clock: Clock
  readonly space: CacheSpace
  readonly ttlMs: number
  readonly staleIfErrorMs: number
  readonly maxItemBytes: number
  readonly meta: () => RequestMeta | undefined
  readonly emit: (event: ServerEvent) => void
}

/** How a catalog is asked. */
export interface CatalogRequest {
  readonly mode: CacheMode
  readonly signal: AbortSignal
}

/** The tools of one server. */
export interface ToolList {
  readonly tools: readonly PreparedTool[]
  /** Tools that were left out: listed twice, or with a name or a schema out of all bounds. */
  readonly leftOut: number
}

/** The resources of one server. */
export interface ResourceList {
  readonly uris: readonly string[]
  /** Resources that were left out, since their URIs are out of all bounds. */
  readonly leftOut: number
}

/** What one server has: its lists and the contents of its resources, asked for or remembered. */
export interface Catalog {
  resources(request: CatalogRequest): Promise<CacheReply<ResourceList>>
  read(uri: string, request: CatalogRequest): Promise<CacheReply<readonly PreparedContent[]>>
  tools(request: CatalogRequest): Promise<CacheReply<ToolList>>
  noticed(notice: Exclude<ConnectionNotice, { readonly type: 'closed' }>): void
  /** Ends the time of everything that is remembered. */
  expire(): void
  statistics(): CacheStatistics
}

/** Tools of one server whose changes are noticed. */
const maxSeen = 10_000

/** Contents of one resource. */
const maxContents = 1_000

const all = ''

/** Creates the catalog of one server. */
export function createCatalog(upstream: Upstream, options: CatalogOptions): Catalog {
  const { clock, ttlMs, staleIfErrorMs, maxItemBytes, meta, emit } = options
  const space = options.space.share()
  const server = upstream.name
  const isTrusted = upstream.trust === 'trusted'
  const counts = { hit: 0, miss: 0, stale: 0, bypass: 0 }
  /** The fingerprint of every tool as it was first seen, or seen after its last change. */
  const seen = new Map<string, string>()

  function cacheOf<Value>(what: 'list' | 'read', sizeOf: (value: Value) => number): Cache<Value> {
    return new Cache({
      clock,
      space,
      ttlMs,
      staleIfErrorMs,
      sizeOf,
      onUse: (outcome) => {
        counts[outcome] += 1
        emit({ type: 'cache-used', server, what, outcome })
      },
    })
  }

  const resourceLists = cacheOf<ResourceList>('list', jsonSize)
  const toolLists = cacheOf<ToolList>('list', jsonSize)
  const contents = cacheOf<readonly PreparedContent[]>('read', (value) =>
    value.reduce((sum, { uri, bytes }) => sum + uri.length + bytes, overhead),
  )
  const caches = [resourceLists, toolLists, contents]

  function ask<Value>(
    cache: Cache<Value>,
    key: string,
    { mode, signal }: CatalogRequest,
    send: (connection: Connection, signal: AbortSignal, extras: RequestOptions) => Promise<Value>,
  ): Promise<CacheReply<Value>> {
    return cache.get(key, {
      mode,
      signal,
      fetch: (own, onCacheHint) =>
        upstream.use((connection) => send(connection, own, { onCacheHint, meta: meta() }), {
          signal: own,
          isRepeatable: true,
        }),
    })
  }

  function compare({ name, fingerprint }: PreparedTool): void {
    const before = seen.get(name)
    if (before !== undefined && before !== fingerprint) {
      emit({ type: 'tool-changed', server, tool: name, fingerprint })
    }
    if (before !== undefined || seen.size < maxSeen) seen.set(name, fingerprint)
  }

  return {
    resources: (request) =>
      ask(resourceLists, all, request, async (connection, signal, extras) => {
        const listed = await connection.listResources(signal, extras)
        const uris = listed.map(({ uri }) => uri).filter(isUsableUri)
        return { uris: [...new Set(uris)], leftOut: listed.length - uris.length }
      }),
    read: (uri, request) =>
      ask(contents, uri, request, async (connection, signal, extras) => {
        const read = await connection.readResource(uri, signal, extras)
        if (read.length > maxContents) throw tooMany()
        return read.map((content) => prepareContent(content, { isTrusted, maxItemBytes }))
      }),
    tools: (request) =>
      ask(toolLists, all, request, async (connection, signal, extras) => {
        const listed = await connection.listTools(signal, extras)
        const tools = new Map<string, PreparedTool>()
        for (const tool of listed) {
          const prepared = tools.has(tool.name) ? undefined : prepareTool(tool, isTrusted)
          if (prepared !== undefined) tools.set(tool.name, prepared)
        }
        for (const tool of tools.values()) compare(tool)
        return { tools: [...tools.values()], leftOut: listed.length - tools.size }
      }),
    noticed: (notice) => {
      if (notice.type === 'tools-changed') toolLists.expire()
      else if (notice.type === 'resource-updated') contents.expire(notice.uri)
      else {
        resourceLists.expire()
        contents.expire()
      }
      emit({ type: 'catalog-changed', server, what: changes[notice.type] })
    },
    expire: () => {
      for (const cache of caches) cache.expire()
    },
    statistics: () => ({
      hits: counts.hit,
      misses: counts.miss,
      stale: counts.stale,
      entries: caches.reduce((sum, cache) => sum + cache.size.entries, 0),
      bytes: caches.reduce((sum, cache) => sum + cache.size.bytes, 0),
    }),
  }
}

function tooMany(): ConnectionError {
  const message = `The server gave a resource with more than ${maxContents} contents.`
  return new ConnectionError('invalid', message)
}

const changes = {
  'tools-changed': 'tools',
  'resources-changed': 'resources',
  'resource-updated': 'resource',
} as const

/** What an entry costs beside its content, in bytes. */
const overhead = 256

function jsonSize(value: unknown): number {
  return JSON.stringify(value).length + overhead
}
