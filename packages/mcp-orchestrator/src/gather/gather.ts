import type { Clock } from '@t2t/resilience'
import type { CacheMode } from '../cache/cache-options.ts'
import { startDeadline } from '../clock/deadline.ts'
import type { Failure, Gathered, GatheredItem, UriCollision } from '../outcome/outcome.ts'
import { findOwners } from '../routing/owners.ts'
import type { Source } from '../routing/source.ts'
import { spend } from './budget.ts'
import { listServer, readServer, type ServerListing, type ServerRequest } from './read-server.ts'

/** How several servers are gathered from. */
export interface GatherRequest {
  readonly uris: readonly string[] | undefined
  readonly maxBytes: number
  readonly timeoutMs: number | undefined
  readonly mode: CacheMode
  readonly signal: AbortSignal | undefined
  readonly clock: Clock
}

/** Reads the resources of these servers, which come in the order of priority and name. */
export async function gatherAll(
  sources: readonly Source[],
  request: GatherRequest,
): Promise<Gathered> {
  const { uris, signal, maxBytes } = request
  const found = await (uris === undefined
    ? gatherEverything(sources, request)
    : gatherThese(sources, uris, request))
  signal?.throwIfAborted()
  const { items, omitted } = spend(found.items, maxBytes)
  const { failures, notFound = [], collisions = [] } = found
  const isWhole = items.every(({ isTruncated, isStale }) => !isTruncated && isStale !== true)
  return {
    items,
    failures,
    isComplete: failures.length + omitted.length + notFound.length === 0 && isWhole,
    ...(omitted.length === 0 ? {} : { omitted }),
    ...(notFound.length === 0 ? {} : { notFound }),
    ...(collisions.length === 0 ? {} : { collisions }),
  }
}

/** What was found, before the budget is spent. */
interface Found {
  readonly items: readonly GatheredItem[]
  readonly failures: readonly Failure[]
  readonly notFound?: readonly string[]
  readonly collisions?: readonly UriCollision[]
}

/** Within one deadline for each server, so that a slow one costs nobody else's time. */
async function gatherEverything(
  sources: readonly Source[],
  request: GatherRequest,
): Promise<Found> {
  const answers = await Promise.all(
    sources.map((source) =>
      withDeadline(source, request, async (own) => {
        const listing = await listServer(source, own)
        const { items, failures } = await readServer(source, listing.uris, own)
        return { items, failures: together(listing.failures, failures) }
      }),
    ),
  )
  return {
    items: answers.flatMap(({ items }) => items),
    failures: answers.flatMap(({ failures }) => failures),
  }
}

/** Lists first, then reads each URI from the server that it belongs to, with time of its own. */
async function gatherThese(
  sources: readonly Source[],
  uris: readonly string[],
  request: GatherRequest,
): Promise<Found> {
  const listings = await listAll(sources, request)
  request.signal?.throwIfAborted()
  const { owners, collisions } = findOwners(listings, uris)
  const answers = await Promise.all(
    listings.map(({ source, failures, uris: listed }) =>
      withDeadline(source, request, async (own) => {
        const mine = listed.filter((uri) => owners.get(uri) === source)
        const read = await readServer(source, mine, own)
        return { items: read.items, failures: together(failures, read.failures) }
      }),
    ),
  )
  return {
    items: answers.flatMap(({ items }) => items),
    failures: answers.flatMap(({ failures }) => failures),
    notFound: [...new Set(uris)].filter((uri) => !owners.has(uri)),
    collisions,
  }
}

/** Lists the resources of all servers at the same time. */
export function listAll(
  sources: readonly Source[],
  request: Pick<GatherRequest, 'mode' | 'signal' | 'clock' | 'timeoutMs'>,
): Promise<readonly ServerListing[]> {
  return Promise.all(
    sources.map((source) => withDeadline(source, request, (own) => listServer(source, own))),
  )
}

/** Works within the deadline of a server. */
export async function withDeadline<Value>(
  { upstream }: Source,
  request: Pick<GatherRequest, 'mode' | 'signal' | 'clock' | 'timeoutMs'>,
  work: (own: ServerRequest) => Promise<Value>,
): Promise<Value> {
  const { clock, mode, signal, timeoutMs = Number.POSITIVE_INFINITY } = request
  using deadline = startDeadline(Math.min(upstream.timeoutMs, timeoutMs), clock, signal)
  return await work({ mode, signal: deadline.signal, clock })
}

/** A server that could not even be listed is not named again for each of its resources. */
function together(listing: readonly Failure[], reads: readonly Failure[]): readonly Failure[] {
  if (listing.length === 0) return reads
  return [...listing, ...reads.filter(({ stage }) => stage !== 'connect')]
}
