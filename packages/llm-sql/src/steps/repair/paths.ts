import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import { joinsOf } from '../../schema/join-path.ts'

/** Whether one way alone leads to a table over so many keys, counted from the tables at hand. */
export function isOnlyPath(
  catalog: Catalog,
  from: readonly CatalogTable[],
  to: CatalogTable,
  hops: number,
): boolean {
  let ways = new Map<CatalogTable, number>([...new Set(from)].map((table) => [table, 1]))
  for (let hop = 0; hop < hops; hop++) {
    const next = new Map<CatalogTable, number>()
    for (const { many, one } of joinsOf(catalog)) {
      next.set(one, (next.get(one) ?? 0) + (ways.get(many) ?? 0))
      next.set(many, (next.get(many) ?? 0) + (ways.get(one) ?? 0))
    }
    ways = next
  }
  return ways.get(to) === 1
}
