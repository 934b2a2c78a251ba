type Value = string | number | boolean | null

/** Draws rows as a table: numbers to the right, at most `maxRows` of them, and says how many are left out. */
export function drawTable(
  names: readonly string[],
  rows: readonly (readonly Value[])[],
  maxRows = 10,
): string {
  const shown = rows.slice(0, maxRows).map((row) => row.map(show))
  const widths = names.map((name, column) =>
    Math.max(name.length, ...shown.map((row) => row[column]?.length ?? 0)),
  )
  const isNumeric = names.map((_, column) => rows.every((row) => typeof row[column] === 'number'))
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) => {
        const width = widths[column] ?? 0
        return isNumeric[column] === true ? cell.padStart(width) : cell.padEnd(width)
      })
      .join('  ')
      .trimEnd()
  const rule = widths.map((width) => '─'.repeat(width)).join('  ')
  const hidden = rows.length - shown.length
  return [
    line(names),
    rule,
    ...shown.map(line),
    ...(hidden > 0 ? [`… and ${hidden} more rows`] : []),
  ].join('\n')
}

function show(value: Value): string {
  if (value === null) return '∅'
  if (typeof value === 'number') return value.toLocaleString('en-US', { useGrouping: false })
  return String(value)
}
