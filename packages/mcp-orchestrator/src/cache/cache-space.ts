/** Something that is kept, and how to let go of it. */
interface Kept {
  readonly bytes: number
  readonly drop: () => void
}

/** The room that all caches share; what was unused for longest makes way. */
export class CacheSpace {
  readonly #maxEntries: number
  readonly #maxBytes: number
  readonly #kept = new Map<object, Kept>()
  #bytes = 0

  constructor(maxEntries: number, maxBytes: number) {
    this.#maxEntries = maxEntries
    this.#maxBytes = maxBytes
  }

  /** Makes room for an entry. `drop` is called when it has to make way. */
  add(entry: object, bytes: number, drop: () => void): void {
    this.#kept.set(entry, { bytes, drop })
    this.#bytes += bytes
    for (const [oldest, kept] of this.#kept) {
      if (this.#kept.size <= this.#maxEntries && this.#bytes <= this.#maxBytes) return
      this.remove(oldest)
      kept.drop()
    }
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
  }
}
