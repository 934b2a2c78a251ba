import { limitsColumn } from '../../policy/access.ts'
import type { Mask } from '../../policy/policy.ts'
import type { ColumnUse, Span } from '../../guard/verdict.ts'
import { visibleColumns } from './candidates.ts'
import type { Context } from '../context.ts'
import type { BaseTable, Relation, Source } from '../relation.ts'
import { countWork } from '../work.ts'

/** What the author wrote: a name, or something that stands for several columns. */
export interface Written {
  readonly span: Span
  /** The column as it was written; absent for a star, a whole row and NATURAL. */
  readonly name?: string | undefined
}

/** Notes that columns are read, and refuses those that the policy blocks. */
export function noteSources(
  context: Context,
  sources: readonly Source[],
  use: ColumnUse,
  written: Written,
): void {
  countWork(context.reads, sources.length, written.span)
  for (const source of sources) {
    const isNew = context.reads.column(source, use)
    const { access } = context
    if (access === undefined || !access.blocksColumns || isOurs(context, written.span)) continue
    const { table, column } = source
    if (isNew && access.blocksColumn(table.schema, table.name, column)) {
      refuseColumn(context, table, written)
    } else if (access.maskOf(table.schema, table.name, column) !== undefined) {
      refuseMasked(context, table, written)
    } else if (access.groupsOf(table.schema, table.name, column).length > 0) {
      refuseGrouped(context, table, written)
    }
  }
}

/** Notes that masked columns are shown; the rewriting replaces their values. */
export function noteMasked(context: Context, sources: readonly Source[], written: Written): void {
  for (const source of sources) {
    context.reads.column(source, 'output')
    const { table, column } = source
    if (context.access?.blocksColumn(table.schema, table.name, column) === true) {
      refuseColumn(context, table, written)
    } else if ((context.access?.groupsOf(table.schema, table.name, column).length ?? 0) > 0) {
      refuseGrouped(context, table, written)
    }
  }
}

/** The column among the sources that is masked most strictly, if any is. */
export function maskOf(
  { access }: Context,
  sources: readonly Source[],
): { readonly mask: Mask; readonly source: Source } | undefined {
  if (access === undefined || !access.blocksColumns) return undefined
  const masked = sources.flatMap((source) => {
    const mask = access.maskOf(source.table.schema, source.table.name, source.column)
    return mask === undefined ? [] : [{ mask, source }]
  })
  return masked.find(({ mask }) => mask === 'null') ?? masked[0]
}

/** Whether the place was put into the text by the guard itself. */
export function isOurs({ ours }: Context, span: Span): boolean {
  if (ours.length === 0) return false
  // They stand in the order of the text and do not overlap; there may be thousands.
  const { start } = span
  let [first, after] = [0, ours.length]
  while (first < after) {
    const middle = (first + after) >> 1
    if ((ours[middle]?.start ?? 0) <= start) first = middle + 1
    else after = middle
  }
  return span.end <= (ours[first - 1]?.end ?? -1)
}

function refuseMasked(context: Context, table: BaseTable, { span, name }: Written): void {
  context.reads.report({
    code: 'column-refused',
    message:
      name === undefined
        ? `This reads masked columns of ${table.name}; name the columns one by one.`
        : `The column ${name} is masked; it may only be an output column by itself.`,
    span,
    subject: name ?? table.name,
  })
}

function refuseGrouped(context: Context, table: BaseTable, { span, name }: Written): void {
  context.reads.report({
    code: 'column-refused',
    message:
      name === undefined
        ? `This reads columns of ${table.name} that may only be read in groups; name the columns one by one.`
        : `The column ${name} may only be read as count, sum or avg of the column by itself, over groups.`,
    span,
    subject: name ?? table.name,
  })
}

function refuseColumn(context: Context, table: BaseTable, { span, name }: Written): void {
  context.reads.report(
    name === undefined
      ? {
          code: 'column-refused',
          message: `This reads columns of ${table.name} that must not be read; name the columns one by one.`,
          span,
          subject: table.name,
          candidates: visibleColumns(context, table),
        }
      : {
          code: 'column-refused',
          message: `The column ${name} must not be used anywhere in a query; leave it out.`,
          span,
          subject: name,
        },
  )
}

/** Notes that all columns of a relation are read, known or not. */
export function noteWhole(
  context: Context,
  relation: Relation,
  use: ColumnUse,
  span: Span,
): readonly Source[] {
  const sources = relation.columns.flatMap((column) => column.sources)
  noteSources(context, sources, use, { span })
  if (relation.opens.length === 0) return sources
  for (const table of relation.opens) refuseUntraceable(context, table, span)
  const whole = relation.opens.map((table): Source => ({ table, column: '*' }))
  noteSources(context, whole, use, { span })
  return [...sources, ...whole]
}

/** Refuses what may read any column of a table of which one is blocked. */
export function refuseUntraceable(context: Context, table: BaseTable, span: Span): void {
  if (context.access?.hidesColumnOf(table.schema, table.name) !== true) return
  context.reads.report({
    code: 'column-untraceable',
    message: `This may read every column of ${table.name}; name the columns one by one.`,
    span,
    subject: table.name,
  })
}

/**
 * Leaves out what an expression of ours shows behind a mask, or in groups only, so that its value
 * may be used like any other.
 */
export function withoutLimited({ access }: Context, sources: readonly Source[]): readonly Source[] {
  if (access?.blocksColumns !== true) return sources
  return sources.filter((source) => !limitsColumn(access, source))
}
