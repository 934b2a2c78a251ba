import type { Access } from '../policy/access.ts'
import type { Catalog, CatalogTable } from './catalog.ts'
import { tableKey } from './table-key.ts'

/** A table, by the names that a catalog has for it. */
interface Named {
  readonly schema: string
  readonly name: string
}

/** Which tables are parts of which, directly or through others. */
export interface Inheritance {
  /** The tables that a table is a part of. */
  ancestorsOf(table: Named): readonly CatalogTable[]
  /** The tables whose rows are read with those of a table. */
  descendantsOf(table: Named): readonly CatalogTable[]
}

/** Reads from a catalog which tables are parts of which. */
export function inheritanceOf({ tables }: Catalog): Inheritance {
  const byName = new Map(tables.map((table) => [keyOf(table), table]))
  const parents = new Map<string, CatalogTable[]>()
  const children = new Map<string, CatalogTable[]>()
  for (const child of tables) {
    for (const { schema, table } of child.parents ?? []) {
      const parent = byName.get(keyOf({ schema, name: table }))
      if (parent === undefined) continue
      parents.set(keyOf(child), [...(parents.get(keyOf(child)) ?? []), parent])
      const siblings = children.get(keyOf(parent))
      if (siblings === undefined) children.set(keyOf(parent), [child])
      else siblings.push(child)
    }
  }
  return {
    ancestorsOf: (table) => reached(table, parents),
    descendantsOf: (table) => reached(table, children),
  }
}

/**
 * Makes rules on a table hold for the tables that are parts of it, named directly: blocks, masks,
 * sizes of groups and row filters. An allow list is not among them: as with grants, a part must be allowed itself.
 */
export function withInheritance(access: Access, catalog: Catalog): Access {
  if (catalog.tables.every(({ parents = [] }) => parents.length === 0)) return access
  const inheritance = inheritanceOf(catalog)
  const known = new Map<string, readonly Named[]>()
  const line = (schema: string, name: string): readonly Named[] => {
    const table = { schema, name }
    const key = keyOf(table)
    let found = known.get(key)
    if (found === undefined) {
      known.set(key, (found = [table, ...inheritance.ancestorsOf(table)]))
    }
    return found
  }
  const blocksTable: Access['blocksTable'] = (schema, table) =>
    line(schema, table).some((each) => access.blocksTable(each.schema, each.name))
  return {
    ...access,
    blocksTable,
    allowsTable: (schema, table) =>
      access.allowsTable(schema, table) && !blocksTable(schema, table),
    blocksColumn: (schema, table, column) =>
      line(schema, table).some((each) => access.blocksColumn(each.schema, each.name, column)),
    maskOf(schema, table, column) {
      const masks = line(schema, table).map((each) => access.maskOf(each.schema, each.name, column))
      return (['null', 'redacted', 'last-4'] as const).find((mask) => masks.includes(mask))
    },
    groupsOf: (schema, table, column) =>
      line(schema, table).flatMap((each) => access.groupsOf(each.schema, each.name, column)),
    hidesColumnOf: (schema, table) =>
      line(schema, table).some((each) => access.hidesColumnOf(each.schema, each.name)),
    filtersOf: (schema, table) => [
      ...new Set(line(schema, table).flatMap((each) => access.filtersOf(each.schema, each.name))),
    ],
  }
}

function reached(
  from: Named,
  steps: ReadonlyMap<string, readonly CatalogTable[]>,
): readonly CatalogTable[] {
  const found = new Set<CatalogTable>()
  const next = [...(steps.get(keyOf(from)) ?? [])]
  for (let table = next.pop(); table !== undefined; table = next.pop()) {
    if (found.has(table)) continue
    found.add(table)
    next.push(...(steps.get(keyOf(table)) ?? []))
  }
  return [...found]
}

function keyOf({ schema, name }: Named): string {
  return tableKey(schema, name)
}
