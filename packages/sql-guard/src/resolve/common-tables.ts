import type { DialectTraits } from '../dialect/dialect.ts'
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
  readonly #unsure: ReadonlySet<string>
  readonly #outer: CommonTables | undefined

  constructor(outer: CommonTables | undefined, unsure: ReadonlySet<string> = new Set()) {
    this.#outer = outer
    this.#unsure = unsure
  }

  add(entry: CommonTableEntry): void {
    this.#entries.set(entry.table.name, entry)
  }

  /** Finds one by its name; `unsure` where servers disagree whether it is visible. */
  find(name: string): CommonTableEntry | 'unsure' | undefined {
    if (this.#unsure.has(name)) return 'unsure'
    return this.#entries.get(name) ?? this.#outer?.find(name)
  }
}

/** Makes the entries of a `WITH` list visible by the engine's rule. */
export function declare(
  tables: readonly CommonTable[],
  isRecursive: boolean,
  rule: DialectTraits['commonTables'],
  visible: CommonTables,
  outer: Scope | undefined,
): { readonly visible: CommonTables; readonly entries: readonly CommonTableEntry[] } {
  if (tables.length === 0) return { visible, entries: [] }
  const all = new CommonTables(visible)
  const seesAll = rule === 'all' || (rule === 'standard' && isRecursive)
  const entries: CommonTableEntry[] = []
  tables.forEach((table, index) => {
    const sees = seesAll ? all : new CommonTables(visible, laterNames(tables, index, rule))
    const entry: CommonTableEntry = { table, sees, outer, outcome: undefined, state: 'new' }
    if (!seesAll) {
      for (const before of entries) sees.add(before)
      if (isRecursive) sees.add(entry)
    }
    entries.push(entry)
    all.add(entry)
  })
  return { visible: all, entries }
}

function laterNames(
  tables: readonly CommonTable[],
  index: number,
  rule: DialectTraits['commonTables'],
): ReadonlySet<string> {
  return new Set(rule === 'unsure' ? tables.slice(index + 1).map(({ name }) => name) : [])
}
