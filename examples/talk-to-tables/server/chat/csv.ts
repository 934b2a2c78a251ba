import type { Result } from './result-shelf.ts'

/** Writes columns and rows as RFC 4180 wants it, in the pieces in which the rows come. */
export async function* csvOf(
  columns: Result['columns'],
  pieces: Iterable<Result['rows']> | AsyncIterable<Result['rows']>,
): AsyncGenerator<string> {
  yield lineOf(columns)
  for await (const rows of pieces) yield rows.map(lineOf).join('')
}

function lineOf(cells: readonly (string | number | boolean | null)[]): string {
  return `${cells.map(cellOf).join(',')}\r\n`
}

/**
 * A text that a spreadsheet would take for a formula gets an apostrophe in front: what a database
 * holds is data, also where the program that opens the file would run it.
 */
function cellOf(cell: string | number | boolean | null): string {
  if (cell === null) return ''
  if (typeof cell !== 'string') return String(cell)
  const isFormula =
    /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(cell) &&
    !/^[+-]?\d+(?:\.\d+)?(?:e[+-]?\d+)?$/i.test(cell)
  const text = isFormula ? `'${cell}` : cell
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}
