import type { CacheStatistics } from '../cache/cache-options.ts'
import type { Catalog } from '../catalog/catalog.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** One server with its connection and what is remembered of it. */
export class Source {
  readonly upstream: Upstream
  readonly #createCatalog: () => Catalog
  #catalog: Catalog | undefined

  constructor(upstream: Upstream, createCatalog: () => Catalog) {
    this.upstream = upstream
    this.#createCatalog = createCatalog
  }

  /** What is remembered; made when it is first asked for. */
  get catalog(): Catalog {
    return (this.#catalog ??= this.#createCatalog())
  }

  /** Ends the time of what is remembered. */
  expire(): void {
    this.#catalog?.expire()
  }

  statistics(): CacheStatistics {
    return this.#catalog?.statistics() ?? { hits: 0, misses: 0, stale: 0, entries: 0, bytes: 0 }
  }
}
