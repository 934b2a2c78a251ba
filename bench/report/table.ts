import type { BenchRow } from './bench.ts'

/** Writes rows as a markdown table. */
export function table(rows: readonly BenchRow[]): string {
  const peers = [...new Set(rows.flatMap((row) => Object.keys(row.peers)))]
  const head = ['what', 't2t', 'unit', ...peers, 'goal', 'met']
  const body = rows.map((row) => [
    row.what,
    number(row.value),
    row.unit,
    ...peers.map((peer) => number(row.peers[peer])),
    row.goal,
    row.met === null ? '' : row.met ? 'yes' : 'no',
  ])
  const lines = [head, head.map(() => '---'), ...body]
  return `${lines.map((cells) => `| ${cells.map((cell) => cell.replaceAll('|', '\\|')).join(' | ')} |`).join('\n')}\n`
}

function number(value: number | undefined): string {
  if (value === undefined) return ''
  if (Number.isInteger(value)) return value.toLocaleString('en-US')
  return value.toLocaleString('en-US', { maximumSignificantDigits: 3 })
}
