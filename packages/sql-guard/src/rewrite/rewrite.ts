import { tableKey } from '../catalog/table-key.ts'
import type { Query } from '../dialect/tree.ts'
import type { AllowedVerdict, ColumnRead, Span, TableRead } from '../guard/verdict.ts'
import type { Ground, Resolution } from '../resolve/resolve.ts'
import { maskColumns } from './column-mask.ts'
import { boundGroup } from './group-size.ts'
import { filterRows, type RowFilters } from './row-filter.ts'
import { boundRows, type RowLimit } from './row-limit.ts'
import { type Edit, splice } from './splice.ts'

/** What the rewriting of a text needs to know. */
export interface Rewriting {
  readonly sql: string
  readonly query: Query
  readonly first: Resolution
  readonly codeEnd: number
  readonly ground: Ground
  readonly filters: RowFilters
  /** Names of the tables in the conditions of row filters, as the engine compares them. */
  readonly filterNames: ReadonlySet<string>
  readonly maxRows: number
  /** Whether the text ends in the guard's row limit already. */
  readonly isBounded: boolean
  /** Parses and resolves a text again; gives nothing when it would be refused. */
  readonly again: (text: string, ours: readonly Span[]) => Resolution | undefined
}

/**
 * Applies the policy's changes to a text, and proves on the new text that it reads and gives what
 * the old one does, apart from what the policy itself adds. Gives nothing where that fails.
 */
export function rewrite(rewriting: Rewriting): AllowedVerdict | undefined {
  const { sql, query, first, codeEnd, ground, maxRows } = rewriting
  const limit: RowLimit = rewriting.isBounded
    ? { by: 'guard', maxRows, edit: undefined }
    : boundRows(sql, query, codeEnd, maxRows, ground.dialect.traits.limitsValues)
  if (isShadowed(rewriting)) return undefined
  const own = policyEdits(rewriting)
  if (own === undefined) return undefined
  const reads = first.reads.list()
  const output = outputOf(first)
  const attempts = limit.edit === undefined ? [own] : [[...own, limit.edit], own]
  for (const edits of attempts) {
    const { text, inserted } = splice(sql, edits)
    const proved = edits.length === 0 ? first : faithful(rewriting, text, inserted, reads, output)
    if (proved === undefined) continue
    const { functions } = proved.reads
    const isBound = edits.length > own.length || limit.edit === undefined
    return {
      kind: 'allowed',
      sql: text,
      reads,
      ...(proved !== first && readsMore(rewriting) ? { allReads: proved.reads.list() } : {}),
      ...(functions.length > 0 ? { functions } : {}),
      ...(output === undefined ? {} : { output }),
      ...(isBound
        ? { maxRows: limit.maxRows, rowLimit: limit.by }
        : { maxRows, rowLimit: 'reader' }),
    }
  }
  return undefined
}

/** Whether a common table of the text stands in the way of a table that a row filter names. */
function isShadowed({ first, filterNames }: Rewriting): boolean {
  const { commonTables } = first.reads
  return commonTables.size > 0 && !filterNames.isDisjointFrom(commonTables)
}

/** All changes but the row limit; nothing where one cannot be made. */
function policyEdits({ sql, first, ground, filters }: Rewriting): readonly Edit[] | undefined {
  const { traits } = ground.dialect
  const { strings, masks, groups, references } = first.reads
  if (strings.length + masks.length + groups.length + filters.size === 0) return []
  const reads = [...first.reads.list(), ...keysOf(first)]
  const bounded = groups.map((grouped) => boundGroup(sql, grouped, traits))
  const bounds = bounded.filter((edit) => edit !== undefined)
  if (bounds.length < groups.length) return undefined
  return [
    ...strings,
    ...bounds,
    ...masks.map((item) => maskColumns(item, traits, ground.tables)),
    ...references.flatMap((reference) => {
      const { schema, name } = reference.table
      const filter = filters.get(tableKey(schema, name))
      const columns = ground.tables?.columnsOf(reference.table) ?? []
      return filter === undefined
        ? []
        : [filterRows(sql, reference, filter, reads, columns, traits.quoteName)]
    }),
  ]
}

/** Whether the policy's own parts of the text may read something, too. */
function readsMore({ first, filters }: Rewriting): boolean {
  return filters.size + first.reads.groups.length > 0
}

/** The resolution of the new text, where it reads and gives what it must. */
function faithful(
  { first, again, filters }: Rewriting,
  text: string,
  inserted: readonly Span[],
  reads: readonly TableRead[],
  output: readonly string[] | undefined,
): Resolution | undefined {
  const { masks, groups } = first.reads
  const isPlain = masks.length + groups.length + filters.size === 0
  const second = again(text, isPlain ? [] : inserted)
  if (second === undefined || second.reads.findings.length + second.reads.strings.length > 0) {
    return undefined
  }
  const secondOutput = outputOf(second)
  if (output !== undefined && JSON.stringify(output) !== JSON.stringify(secondOutput)) {
    return undefined
  }
  const now = second.reads.list()
  if (isPlain) return JSON.stringify(now) === JSON.stringify(reads) ? second : undefined
  if (second.reads.masks.length > 0) return undefined
  const isSame =
    isWithin(reads, now, maskedColumns(first)) &&
    isWithin(now, reads, new Set([...ownReads(filters), ...namesOf(keysOf(first))]))
  return isSame ? second : undefined
}

/** Whether every read of the first list is in the second, or is excused. */
function isWithin(
  some: readonly TableRead[],
  all: readonly TableRead[],
  excused: ReadonlySet<string>,
): boolean {
  const names = new Set(namesOf(all))
  return namesOf(some).every((name) => names.has(name) || excused.has(name))
}

/** Keys of the tables and columns that are read. */
function namesOf(reads: readonly TableRead[]): readonly string[] {
  return reads.flatMap(({ schema, table, columns }) => [
    tableKey(schema, table),
    ...columns.map(({ column }) => columnKey(schema, table, column)),
  ])
}

function columnKey(schema: string, table: string, column: string): string {
  return `${tableKey(schema, table)}\0${column}`
}

function maskedColumns({ reads }: Resolution): ReadonlySet<string> {
  return new Set(
    reads.masks
      .flatMap(({ columns }) => columns)
      .flatMap(({ mask, sources }) => (mask === undefined ? [] : sources))
      .flatMap(({ table: { schema, name }, column }) => [
        tableKey(schema, name),
        columnKey(schema, name, column),
      ]),
  )
}

/** The columns that say how large a group is. */
function keysOf({ reads }: Resolution): readonly TableRead[] {
  return reads.groups.map(({ table: { schema, name }, key, sizes }) => ({
    schema,
    table: name,
    columns: [key, ...sizes.map(({ of }) => of)]
      .filter((column) => column !== undefined)
      .map((column): ColumnRead => ({ column, uses: ['output'] })),
  }))
}

function ownReads(filters: RowFilters): ReadonlySet<string> {
  return new Set([...filters.values()].flatMap(({ reads }) => namesOf(reads)))
}

/** The names of the output columns, where all of them are certain. */
function outputOf({ outcome }: Resolution): readonly string[] | undefined {
  const names = outcome.columns.map(({ name }) => name).filter((name) => name !== undefined)
  const isKnown = outcome.rest === undefined && names.length === outcome.columns.length
  return isKnown ? names : undefined
}
