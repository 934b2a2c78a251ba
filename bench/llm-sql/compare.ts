import type { DatabaseSync } from 'node:sqlite'

type Row = readonly unknown[]

/** Runs a query; `undefined` when the engine refuses it. */
export function rowsOf(database: DatabaseSync, sql: string): readonly Row[] | undefined {
  try {
    const statement = database.prepare(sql.replaceAll(/([<>!])\s+=/g, '$1='))
    statement.setReturnArrays(true)
    return statement.all() as unknown as readonly Row[]
  } catch {
    return undefined
  }
}

/**
 * Whether two results are the same: as many rows and columns, equal as bags of rows under some
 * order of the columns; the order of the rows counts only when asked for.
 */
export function isSameResult(
  actual: readonly Row[],
  expected: readonly Row[],
  isOrdered: boolean,
): boolean {
  const width = expected[0]?.length ?? 0
  if (actual.length !== expected.length) return false
  if (expected.length === 0) return true
  if (actual[0]?.length !== width || width > 7) return false
  const wanted = keys(
    expected,
    Array.from({ length: width }, (_, at) => at),
    isOrdered,
  )
  return permutations(width).some((order) => keys(actual, order, isOrdered) === wanted)
}

function keys(rows: readonly Row[], order: readonly number[], isOrdered: boolean): string {
  const lines = rows.map((row) => JSON.stringify(order.map((at) => cell(row[at]))))
  return (isOrdered ? lines : lines.toSorted()).join('\n')
}

function cell(value: unknown): unknown {
  if (typeof value === 'number') return Number(value.toPrecision(10))
  return typeof value === 'bigint' ? Number(value) : value
}

function permutations(width: number): readonly (readonly number[])[] {
  if (width === 0) return [[]]
  return permutations(width - 1).flatMap((rest) =>
    Array.from({ length: width }, (_, at) => [...rest.slice(0, at), width - 1, ...rest.slice(at)]),
  )
}
