import type { Query } from '../dialect/tree.ts'
import type { AllowedVerdict, Span, TableRead } from '../guard/verdict.ts'
import type { Ground, Resolution } from '../resolve/resolve.ts'
import { maskColumns } from './column-mask.ts'
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
  const reads = first.reads.list()
  const output = outputOf(first)
  const attempts = limit.edit === undefined ? [own] : [[...own, limit.edit], own]
  for (const edits of attempts) {
    const { text, inserted } = splice(sql, edits)
    const isProved = edits.length === 0 || isFaithful(rewriting, text, inserted, reads, output)
    if (!isProved) continue
    const isBound = edits.length > own.length || limit.edit === undefined
    return {
      kind: 'allowed',
      sql: text,
      reads,
      ...(output === undefined ? {} : { output }),
      ...(isBound
        ? { maxRows: limit.maxRows, rowLimit: limit.by }
        : { maxRows, rowLimit: 'reader' }),
    }
  }
  return undefined
}

/** Whether a common table of the text stands in the way of a table that a row filter names. */
function isShadowed({ first, filters, ground }: Rewriting): boolean {
  const { commonTables } = first.reads
  if (commonTables.size === 0) return false
  return [...filters.values()].some(({ reads, table }) =>
    reads.some(
      (read) =>
        !(read.schema === table.schema && read.table === table.name) &&
        commonTables.has(ground.dialect.traits.fold(read.table)),
    ),
  )
}

/** All changes but the row limit. */
function policyEdits({ sql, first, ground, filters }: Rewriting): readonly Edit[] {
  const { traits } = ground.dialect
  const { strings, masks, references } = first.reads
  if (strings.length + masks.length + filters.size === 0) return []
  const reads = first.reads.list()
  return [
    ...strings,
    ...masks.map((item) => maskColumns(item, traits, ground.tables)),
    ...references.flatMap((reference) => {
      const { schema, name } = reference.table
      const filter = filters.get(`${schema}.${name}`)
      const columns = ground.tables?.columnsOf(reference.table) ?? []
      return filter === undefined
        ? []
        : [filterRows(sql, reference, filter, reads, columns, traits.quoteName)]
    }),
  ]
}

function isFaithful(
  { first, again, filters }: Rewriting,
  text: string,
  inserted: readonly Span[],
  reads: readonly TableRead[],
  output: readonly string[] | undefined,
): boolean {
  const isPlain = first.reads.masks.length + filters.size === 0
  const second = again(text, isPlain ? [] : inserted)
  if (second === undefined || second.reads.findings.length + second.reads.strings.length > 0) {
    return false
  }
  const secondOutput = outputOf(second)
  if (output !== undefined && JSON.stringify(output) !== JSON.stringify(secondOutput)) return false
  const now = second.reads.list()
  if (isPlain) return JSON.stringify(now) === JSON.stringify(reads)
  if (second.reads.masks.length > 0) return false
  return isWithin(reads, now, maskedColumns(first)) && isWithin(now, reads, ownReads(filters))
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

/** `schema.table` and `schema.table.column` for everything that is read. */
function namesOf(reads: readonly TableRead[]): readonly string[] {
  return reads.flatMap(({ schema, table, columns }) => [
    `${schema}.${table}`,
    ...columns.map(({ column }) => `${schema}.${table}.${column}`),
  ])
}

function maskedColumns({ reads }: Resolution): ReadonlySet<string> {
  return new Set(
    reads.masks
      .flatMap(({ columns }) => columns)
      .flatMap(({ mask, sources }) => (mask === undefined ? [] : sources))
      .flatMap(({ table: { schema, name }, column }) => [
        `${schema}.${name}`,
        `${schema}.${name}.${column}`,
      ]),
  )
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
