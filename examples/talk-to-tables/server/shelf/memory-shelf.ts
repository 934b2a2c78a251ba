import { defaultOwnerShare, type Pieces, type Place, type Shelf, type ShelfRoom } from './shelf.ts'

export interface MemoryShelfOptions extends ShelfRoom {
  /** @defaultValue the clock of the system */
  readonly now?: (() => number) | undefined
}

interface Kept {
  readonly owner: string
  readonly pieces: Pieces
  readonly bytes: number
  readonly until: number
}

/** Keeps the places of one process. */
export function createMemoryShelf({
  maxBytes,
  ownerShare = defaultOwnerShare,
  now = Date.now,
}: MemoryShelfOptions): Shelf {
  const kept = new Map<string, Kept>()
  const usedBy = new Map<string, number>()
  let used = 0
  const forget = (key: string): void => {
    const found = kept.get(key)
    if (found === undefined) return
    const { owner, bytes } = found
    kept.delete(key)
    used -= bytes
    const left = (usedBy.get(owner) ?? 0) - bytes
    if (left > 0) usedBy.set(owner, left)
    else usedBy.delete(owner)
  }
  /** Those that were put there first go first. */
  const makeRoom = (owner: string, bytes: number): void => {
    const share = maxBytes * ownerShare
    for (const [key, each] of kept) {
      const isOver = each.until <= now()
      const isTooMuch = used + bytes > maxBytes
      const isOwnersTooMuch = each.owner === owner && (usedBy.get(owner) ?? 0) + bytes > share
      if (isOver || isTooMuch || isOwnersTooMuch) forget(key)
      else if ((usedBy.get(owner) ?? 0) + bytes <= share) return
    }
  }
  const find = (place: Place): Kept | undefined => {
    const key = keyOf(place)
    const found = kept.get(key)
    if (found === undefined || found.until > now()) return found
    forget(key)
    return undefined
  }
  const put = (place: Place, pieces: Pieces, keepMs: number): boolean => {
    const key = keyOf(place)
    const bytes = sizeOf(key, pieces)
    forget(key)
    if (bytes > maxBytes * ownerShare) return false
    makeRoom(place.owner, bytes)
    kept.set(key, { owner: place.owner, pieces, bytes, until: now() + keepMs })
    used += bytes
    usedBy.set(place.owner, (usedBy.get(place.owner) ?? 0) + bytes)
    return true
  }

  return {
    put: async (place, pieces, keepMs) => put(place, pieces, keepMs),
    claim: async (place, pieces, keepMs) => find(place) === undefined && put(place, pieces, keepMs),
    async get(place, names) {
      const pieces = find(place)?.pieces
      return names.map((name) =>
        pieces !== undefined && Object.hasOwn(pieces, name) ? pieces[name] : undefined,
      )
    },
    clear: async (place) => forget(keyOf(place)),
    async clearAll(owner) {
      const theirs = [...kept].filter(([, each]) => each.owner === owner)
      for (const [key] of theirs) forget(key)
      return theirs.length
    },
  }
}

function keyOf({ owner, name }: Place): string {
  return JSON.stringify([owner, name])
}

/** What a place costs beside its text, in bytes. */
const overheadBytes = 512

function sizeOf(key: string, pieces: Pieces): number {
  let bytes = overheadBytes + key.length
  for (const [name, text] of Object.entries(pieces)) bytes += name.length + text.length * 2
  return bytes
}
