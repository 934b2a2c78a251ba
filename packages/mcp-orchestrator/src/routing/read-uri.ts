import type { Clock } from '@t2t/resilience'
import type { CacheMode } from '../cache/cache-options.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import { listAll, withDeadline } from '../gather/gather.ts'
import { readServer } from '../gather/read-server.ts'
import { failureOf } from '../outcome/failure.ts'
import type { ReadOutcome } from '../outcome/outcome.ts'
import { findOwners } from './owners.ts'
import type { Source } from './source.ts'

/** How one resource is read. */
export interface ReadRequest {
  readonly uri: string
  /** Reads from this server, whoever lists the URI. */
  readonly server: string | undefined
  readonly mode: CacheMode
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
}

/** Reads a resource from the server that it belongs to. */
export async function readUri(
  sources: readonly Source[],
  request: ReadRequest,
): Promise<ReadOutcome> {
  const { uri, server, signal } = request
  const asked = { ...request, timeoutMs: undefined }
  let source = sources.find(({ upstream }) => upstream.name === server)
  let collision: Extract<ReadOutcome, { readonly kind: 'items' }>['collision']

  if (server === undefined) {
    const listings = await listAll(sources, asked)
    signal?.throwIfAborted()
    const { owners, collisions } = findOwners(listings, [uri])
    source = owners.get(uri)
    collision = collisions[0]
    const [missing] = listings.flatMap(({ failures }) => failures)
    if (source === undefined && missing !== undefined) {
      return { kind: 'failed', failure: { ...missing, uri } }
    }
  }
  if (source === undefined) {
    const message =
      server === undefined ? 'No server lists this URI.' : 'There is no server of that name.'
    const place = { server: server ?? '', stage: 'read' as const, uri }
    return { kind: 'failed', failure: failureOf(place, new ConnectionError('refused', message)) }
  }
  const owner = source
  const { items, failures } = await withDeadline(owner, asked, (own) =>
    readServer(owner, [uri], own),
  )
  signal?.throwIfAborted()
  const [failure] = failures
  if (failure !== undefined) {
    return { kind: 'failed', failure, ...(items.length === 0 ? {} : { items }) }
  }
  return { kind: 'items', items, ...(collision === undefined ? {} : { collision }) }
}
