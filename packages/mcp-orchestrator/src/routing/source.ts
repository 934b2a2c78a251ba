import type { Catalog } from '../catalog/catalog.ts'
import type { Upstream } from '../upstream/upstream.ts'

/** One server with its connection and what is remembered of it. */
export interface Source {
  readonly upstream: Upstream
  readonly catalog: Catalog
}
