/** A value of a result, as drivers give it. */
export type ResultValue = string | number | bigint | boolean | null

/** A row of a result. */
export type ResultRow = readonly ResultValue[]

/**
 * Whether two results are the same answer, by the rule of published harnesses.
 *
 * They are when they have as many rows and columns and are equal under some order of the columns.
 * Duplicates count. The order of rows counts only when it is asked for. Names of columns do not
 * count; numbers are equal when their first ten digits are, whether written as integers or not;
 * truth values are 1 and 0; text is equal letter by letter and never equal to a number. Two results
 * without rows are the same, whatever their columns.
 */
export function isSameResult(
  actual: readonly ResultRow[],
  expected: readonly ResultRow[],
  isOrdered: boolean,
): boolean {
  if (actual.length !== expected.length) return false
  const width = expected[0]?.length ?? 0
  if (expected.length === 0) return true
  if (actual.some((row) => row.length !== width) || expected.some((row) => row.length !== width))
    return false
  const [mine, wanted] = [actual.map(plainRow), expected.map(plainRow)]
  if (keyOf(mine, isOrdered) === keyOf(wanted, isOrdered)) return true
  return hasOrder(mine, wanted, width, isOrdered)
}

/** Whether a query says in which order its rows come: at its end, not inside a part of it. */
export function saysOrder(sql: string): boolean {
  const bare = sql.replaceAll(/'(?:[^']|'')*'|"(?:[^"]|"")*"|--[^\n]*|\/\*[^]*?\*\//g, ' ')
  let outside = bare
  for (let before = ''; before !== outside;) {
    before = outside
    outside = outside.replaceAll(/\([^()]*\)/g, ' ')
  }
  return /\border\s+by\b/i.test(outside)
}

type PlainRow = readonly string[]

/** Orders of columns, whole or begun, that are tried; what needs more is held to be different. */
const maxTries = 2_000

/** Tries the orders of the columns in which each column holds what its counterpart holds. */
function hasOrder(
  mine: readonly PlainRow[],
  wanted: readonly PlainRow[],
  width: number,
  isOrdered: boolean,
): boolean {
  const columns = Array.from({ length: width }, (_, at) => at)
  const content = (rows: readonly PlainRow[], at: number): string => {
    const cells = rows.map((row) => row[at] ?? '')
    return JSON.stringify(isOrdered ? cells : cells.toSorted())
  }
  const contents = columns.map((at) => content(mine, at))
  const candidates = columns.map((at) => {
    const one = content(wanted, at)
    return columns.filter((from) => contents[from] === one)
  })
  if (isOrdered) return isMatched(candidates, [])
  let tries = 0
  const bagOf = (rows: readonly PlainRow[], order: readonly number[]): string =>
    keyOf(
      rows.map((row) => order.map((at) => row[at] ?? '')),
      false,
    )
  const search = (order: readonly number[]): boolean => {
    if (order.length > 1) {
      tries += 1
      // What differs in some of the columns differs in all of them.
      if (bagOf(mine, order) !== bagOf(wanted, columns.slice(0, order.length))) return false
    }
    if (order.length === width) return true
    return (candidates[order.length] ?? []).some(
      (from) => !order.includes(from) && tries < maxTries && search([...order, from]),
    )
  }
  return search([])
}

/** With the order of rows fixed, equal columns are interchangeable: any full choice will do. */
function isMatched(candidates: readonly (readonly number[])[], order: readonly number[]): boolean {
  if (order.length === candidates.length) return true
  const from = (candidates[order.length] ?? []).find((one) => !order.includes(one))
  return from !== undefined && isMatched(candidates, [...order, from])
}

function keyOf(rows: readonly PlainRow[], isOrdered: boolean): string {
  const lines = rows.map((row) => JSON.stringify(row))
  return (isOrdered ? lines : lines.toSorted()).join('\n')
}

function plainRow(row: ResultRow): PlainRow {
  return row.map((value) => {
    if (typeof value === 'string') return `text ${value}`
    if (value === null) return 'null'
    const number = Number(value)
    return `number ${Number.isFinite(number) ? Number(number.toPrecision(10)) : number}`
  })
}
