/** Something that is kept, and how to let go of it. */
interface Kept {
  readonly bytes: number
  readonly drop: () => void
}

/**
 * The room that the caches of all servers share. The server that takes the most of it makes way, with
 * what was unused for longest: a server without end costs no other its place.
 */
export class CacheSpace {
  readonly #maxEntries: number
  readonly #maxBytes: number
  readonly #shares = new Set<CacheShare>()
  #entries = 0
  #bytes = 0

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
  }

  /** The part of one server. */
  share(): CacheShare {
    const share = new CacheShare((entries, bytes) => {
      this.#entries += entries
      this.#bytes += bytes
      if (entries > 0) this.#makeRoom()
    })
    this.#shares.add(share)
    return share
  }

  #makeRoom(): void {
    for (;;) {
      const isTooMany = this.#entries > this.#maxEntries
      if (!isTooMany && this.#bytes <= this.#maxBytes) return
      const sizeOf = ({ entries, bytes }: CacheShare): number => (isTooMany ? entries : bytes)
      const [largest] = [...this.#shares].toSorted((a, b) => sizeOf(b) - sizeOf(a))
      largest?.dropOldest()
    }
  }
}

/** What one server has of the room. */
export class CacheShare {
  readonly #kept = new Map<object, Kept>()
  readonly #onChange: (entries: number, bytes: number) => void
  #bytes = 0

  /** `onChange` is told by how much it has grown, before `add` ends. */
  constructor(onChange: (entries: number, bytes: number) => void) {
    this.#onChange = onChange
  }

  get entries(): number {
    return this.#kept.size
  }

  get bytes(): number {
    return this.#bytes
  }

  /** Makes room for an entry. `drop` is called when it has to make way. */
  add(entry: object, bytes: number, drop: () => void): void {
    this.#kept.set(entry, { bytes, drop })
    this.#bytes += bytes
    this.#onChange(1, bytes)
  }

  /** Notes that an entry was used. */
  touch(entry: object): void {
    const kept = this.#kept.get(entry)
    if (kept === undefined) return
    this.#kept.delete(entry)
    this.#kept.set(entry, kept)
  }

  remove(entry: object): void {
    const kept = this.#kept.get(entry)
    if (kept === undefined) return
    this.#kept.delete(entry)
    this.#bytes -= kept.bytes
    this.#onChange(-1, -kept.bytes)
  }

  /** Lets go of what was unused for longest. */
  dropOldest(): void {
    const [oldest] = this.#kept
    if (oldest === undefined) return
    const [entry, { drop }] = oldest
    this.remove(entry)
    drop()
  }
}
