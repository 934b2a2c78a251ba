import type { CommonTable } from '../dialect/tree.ts'
import type { Outcome, Scope } from './relation.ts'

/** An entry of a `WITH` list, resolved when it is first needed. */
export interface CommonTableEntry {
  readonly table: CommonTable
  /** The common tables that its own text sees. */
  readonly sees: CommonTables
  /** The level of names around the query that has the list. */
  readonly outer: Scope | undefined
  /** What is known of its columns; a recursive part sees those of the first part. */
  outcome: Outcome | undefined
  state: 'new' | 'resolving' | 'resolved'
}

/** The common tables that are visible at a place. */
export class CommonTables {
  static readonly none = new CommonTables(undefined)
  readonly #entries = new Map<string, CommonTableEntry>()
  readonly #outer: CommonTables | undefined

  constructor(outer: CommonTables | undefined) {
    this.#outer = outer
  }

  add(entry: CommonTableEntry): void {
    this.#entries.set(entry.table.name, entry)
  }

  find(name: string): CommonTableEntry | undefined {
    return this.#entries.get(name) ?? this.#outer?.find(name)
  }
}

/**
 * Makes the entries of a `WITH` list visible by the engine's rule: each sees the ones before it,
 * or all see all.
 */
export function declare(
  tables: readonly CommonTable[],
  seeAll: boolean,
  visible: CommonTables,
  outer: Scope | undefined,
): { readonly visible: CommonTables; readonly entries: readonly CommonTableEntry[] } {
  if (tables.length === 0) return { visible, entries: [] }
  const all = new CommonTables(visible)
  let before = visible
  const entries = tables.map((table): CommonTableEntry => {
    const sees = seeAll ? all : before
    const entry: CommonTableEntry = { table, sees, outer, outcome: undefined, state: 'new' }
    all.add(entry)
    if (!seeAll) {
      before = new CommonTables(before)
      before.add(entry)
    }
    return entry
  })
  return { visible: all, entries }
}
