import { aggregates, aggregatesAnyCase, scalars, scalarsAnyCase } from './function-names.ts'

/** Functions in `FROM` that only count. */
export const tableFunctions: ReadonlySet<string> = new Set([
  'numbers',
  'numbers_mt',
  'zeros',
  'generateSeries',
  'generate_series',
])

/** What the engine's own grammar makes of sums and differences of dates, in any case. */
const dateWords =
  `date_add dateadd timestamp_add timestampadd date_sub datesub timestamp_sub timestampsub
  date_diff timestamp_diff timestampdiff`.split(/\s+/)

const asWritten: ReadonlySet<string> = new Set([...scalars, ...aggregates])
const anyCase: ReadonlySet<string> = new Set([
  ...scalarsAnyCase,
  ...aggregatesAnyCase,
  ...dateWords,
])
const aggregateNames: ReadonlySet<string> = new Set([...aggregates, ...aggregatesAnyCase])

/** Functions of ClickHouse that only compute from their arguments. */
export const safeFunctions: ReadonlySet<string> = new Set([
  ...asWritten,
  ...anyCase,
  ...tableFunctions,
])

const combinator =
  /^(.+)(If|Array|Map|Distinct|OrDefault|OrNull|ForEach|State|SimpleState|Merge|MergeState|ArgMin|ArgMax)$/

/**
 * The name by which a function is on the lists: most are compared as they are written, some in any
 * case, and an aggregate with combinators by the aggregate.
 */
export function functionName(written: string): string {
  if (asWritten.has(written)) return written
  const lower = written.toLowerCase()
  if (anyCase.has(lower)) return lower
  const [, inner] = written.length > 128 ? [] : (combinator.exec(written) ?? [])
  if (inner === undefined) return written
  const base = functionName(inner)
  return aggregateNames.has(base) ? base : written
}
