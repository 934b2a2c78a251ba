import type { Clock } from '@t2t/resilience'
import type { CacheMode } from '../cache/cache-options.ts'
import type { CacheReply, Cached } from '../cache/cache.ts'
import type { PreparedContent } from '../catalog/prepare.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { compareText } from '../orchestrator/server-options.ts'
import type { Failure, GatheredItem } from '../outcome/outcome.ts'
import type { Source } from '../routing/source.ts'

/** Reads of one server that are under way at the same time. */
const readsAtOnce = 8

/** Bytes of text that one server may give at once. */
const maxServerBytes = 67_108_864

/** How a server is asked. */
export interface ServerRequest {
  readonly mode: CacheMode
  /** The server's own deadline, which the caller's signal ends too. */
  readonly signal: AbortSignal
  readonly clock: Clock
}

/** What one server lists. */
export interface ServerListing {
  readonly source: Source
  /** In order and without repetition; empty when the list is missing. */
  readonly uris: readonly string[]
  readonly isStale: boolean
  readonly failures: readonly Failure[]
}

/** What one server gave. */
export interface ServerAnswer {
  readonly items: readonly GatheredItem[]
  readonly failures: readonly Failure[]
}

/** Lists the resources of one server. Never rejects. */
export async function listServer(source: Source, request: ServerRequest): Promise<ServerListing> {
  const listed = await source.catalog
    .resources(request)
    .catch((error: unknown) => overdue(source, error))
  const cached = answerOf(listed)
  const { uris = [], leftOut = 0 } = cached?.value ?? {}
  const failures = [
    ...failuresOf(source, listed, 'list'),
    ...(leftOut === 0 ? [] : [source.upstream.describe('list', unusable(leftOut))]),
  ]
  return {
    source,
    uris: uris.toSorted(compareText),
    isStale: listed.kind === 'failed' && cached !== undefined,
    failures,
  }
}

/** Reads these resources of one server. Never rejects. */
export async function readServer(
  source: Source,
  uris: readonly string[],
  request: ServerRequest,
): Promise<ServerAnswer> {
  const items: GatheredItem[] = []
  const failures: Failure[] = []
  const queue = uris.values()
  let bytes = 0
  let leftOut = 0
  const readNext = async (): Promise<void> => {
    for (const uri of queue) {
      if (bytes > maxServerBytes) {
        leftOut += 1
        continue
      }
      const read = await source.catalog
        .read(uri, request)
        .catch((error: unknown) => overdue(source, error))
      failures.push(...failuresOf(source, read, 'read', uri))
      const cached = answerOf(read)
      if (cached === undefined) continue
      const isStale = read.kind === 'failed'
      if (cached.value.some(({ text }) => text === undefined)) {
        failures.push(source.upstream.describe('read', notText(), uri))
      }
      bytes += cached.value.reduce((sum, content) => sum + content.bytes, 0)
      for (const content of cached.value) items.push(...itemsOf(source, content, cached, isStale))
    }
  }
  await Promise.all(Array.from({ length: Math.min(readsAtOnce, uris.length) }, readNext))
  if (leftOut > 0) failures.push(source.upstream.describe('read', tooMuch(leftOut)))
  return {
    items: items.toSorted((a, b) => compareText(a.uri, b.uri)),
    failures: failures.toSorted((a, b) => compareText(a.uri ?? '', b.uri ?? '')),
  }
}

/** Waiting for a shared answer ends with the server's deadline or the caller's signal. */
function overdue(
  { upstream }: Source,
  error: unknown,
): Extract<CacheReply<never>, { readonly kind: 'failed' }> {
  const isOwn = error instanceof ConnectionError
  const reason = isOwn ? error : new ConnectionError('timeout', 'There was no answer in time.')
  return { kind: 'failed', stage: upstream.isConnected() ? 'use' : 'connect', error: reason }
}

function answerOf<Value>(reply: CacheReply<Value>): Cached<Value> | undefined {
  return reply.kind === 'done' ? reply.cached : reply.stale
}

function failuresOf(
  { upstream }: Source,
  reply: CacheReply<unknown>,
  stage: 'list' | 'read',
  uri?: string,
): readonly Failure[] {
  if (reply.kind === 'done') return []
  return [upstream.describe(reply.stage === 'use' ? stage : 'connect', reply.error, uri)]
}

function itemsOf(
  { upstream }: Source,
  content: PreparedContent,
  { fetchedAt }: Cached<unknown>,
  isStale: boolean,
): readonly GatheredItem[] {
  const { uri, mimeType, text, bytes, isTruncated, isCleaned, hasLookalikes } = content
  if (text === undefined) return []
  return [
    {
      server: upstream.name,
      priority: upstream.priority,
      uri,
      ...(mimeType === undefined ? {} : { mimeType }),
      text,
      bytes,
      isTruncated,
      trust: upstream.trust,
      fetchedAt,
      ...(isCleaned ? { isCleaned } : {}),
      ...(hasLookalikes ? { hasLookalikes } : {}),
      ...(isStale ? { isStale } : {}),
    },
  ]
}

function unusable(count: number): ConnectionError {
  const message = `Resources with an address that is too long or cannot be seen were left out: ${count}.`
  return new ConnectionError('invalid', message)
}

function tooMuch(count: number): ConnectionError {
  const message = `The server gave more than ${maxServerBytes} bytes; resources that were left out: ${count}.`
  return new ConnectionError('invalid', message)
}

function notText(): ConnectionError {
  return new ConnectionError('invalid', 'The resource is not text.')
}
