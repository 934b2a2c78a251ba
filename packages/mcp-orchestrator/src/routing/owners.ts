import type { UriCollision } from '../outcome/outcome.ts'
import type { Source } from './source.ts'

/** What one server lists. */
export interface Listing {
  readonly source: Source
  readonly uris: readonly string[]
}

/** Which server each URI belongs to. */
export interface Ownership {
  readonly owners: ReadonlyMap<string, Source>
  readonly collisions: readonly UriCollision[]
}

/** Gives each URI to the server that lists it; of several, to the one that comes first. */
export function findOwners(listings: readonly Listing[], wanted?: readonly string[]): Ownership {
  const isWanted = wanted === undefined ? () => true : (uri: string) => wanted.includes(uri)
  const owners = new Map<string, Source>()
  const others = new Map<string, string[]>()
  for (const { source, uris } of listings) {
    for (const uri of new Set(uris)) {
      if (!isWanted(uri)) continue
      if (!owners.has(uri)) owners.set(uri, source)
      else others.set(uri, [...(others.get(uri) ?? []), source.upstream.name])
    }
  }
  const collisions = [...others].map(([uri, names]) => ({
    uri,
    server: owners.get(uri)?.upstream.name ?? '',
    others: names,
  }))
  return { owners, collisions }
}
