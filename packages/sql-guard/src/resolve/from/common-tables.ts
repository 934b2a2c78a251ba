import type { DialectTraits } from '../../dialect/dialect.ts'
import type { CommonTable } from '../../dialect/tree.ts'
import type { Outcome, Scope } from '../relation.ts'

/** An entry of a `WITH` list, resolved when it is first needed. */
export interface CommonTableEntry {
  readonly table: CommonTable
  /** Its place in the list. */
  readonly index: number
  /** The common tables that its own text sees. */
  readonly sees: CommonTables
  /** The level of names around the query that has the list. */
  readonly outer: Scope | undefined
  /** What is known of its columns; a recursive part sees those of the first part. */
  outcome: Outcome | undefined
  state: 'new' | 'resolving' | 'resolved'
}

/** The common tables that are visible at a place: the first ones of a list, and those around it. */
export class CommonTables {
  static readonly none = new CommonTables(new Map(), 0, undefined, undefined)
  readonly #entries: ReadonlyMap<string, CommonTableEntry>
  readonly #visible: number
  readonly #unsureAfter: number | undefined
  readonly #outer: CommonTables | undefined

  constructor(
    entries: ReadonlyMap<string, CommonTableEntry>,
    visible: number,
    unsureAfter: number | undefined,
    outer: CommonTables | undefined,
  ) {
    this.#entries = entries
    this.#visible = visible
    this.#unsureAfter = unsureAfter
    this.#outer = outer
  }

  /** Finds one by its name; `unsure` where servers disagree whether it is visible. */
  find(name: string): CommonTableEntry | 'unsure' | undefined {
    const entry = this.#entries.get(name)
    if (entry !== undefined && entry.index < this.#visible) return entry
    const unsureAfter = this.#unsureAfter ?? Infinity
    if (entry !== undefined && entry.index > unsureAfter) return 'unsure'
    return this.#outer?.find(name)
  }
}

/** Makes the entries of a `WITH` list visible by the engine's rule. */
export function declare(
  tables: readonly CommonTable[],
  isRecursive: boolean,
  rule: DialectTraits['commonTables'],
  around: CommonTables,
  outer: Scope | undefined,
): { readonly visible: CommonTables; readonly entries: readonly CommonTableEntry[] } {
  if (tables.length === 0) return { visible: around, entries: [] }
  const entries = new Map<string, CommonTableEntry>()
  const seesAll = rule === 'all' || (rule === 'standard' && isRecursive)
  const visible = new CommonTables(entries, tables.length, undefined, around)
  tables.forEach((table, index) => {
    const before = isRecursive ? index + 1 : index
    const unsureAfter = rule === 'unsure' ? index : undefined
    const sees = seesAll ? visible : new CommonTables(entries, before, unsureAfter, around)
    entries.set(table.name, { table, index, sees, outer, outcome: undefined, state: 'new' })
  })
  return { visible, entries: [...entries.values()] }
}
