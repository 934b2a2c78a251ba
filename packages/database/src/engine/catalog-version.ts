import { createHash } from 'node:crypto'
import type { Catalog } from '@t2t/sql-guard'

/** Completes a catalog with a version that changes whenever its content does. */
export function withVersion(content: Omit<Catalog, 'version'>): Catalog {
  const version = createHash('sha256').update(JSON.stringify(content)).digest('hex').slice(0, 16)
  return { ...content, version }
}
