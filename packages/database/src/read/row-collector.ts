import { Buffer } from 'node:buffer'
import { cutText } from './cut.ts'
import type { Cell, CutCells, ReadCaps, ReadResult, Truncation } from './read.ts'

/** Takes rows as they are fetched until a cap is reached. */
export interface RowCollector {
  readonly rows: readonly (readonly Cell[])[]
  /** Takes one row; `false` says that it did not fit and that nothing more is wanted. */
  add(row: readonly Cell[]): boolean
  /** What the result says about its rows. */
  collected(): Pick<ReadResult, 'rows' | 'truncated' | 'cutCells'>
}

/** Creates a collector that holds at most what the caps allow, however much is offered. */
export function createRowCollector(caps: Omit<ReadCaps, 'timeoutMs'>): RowCollector {
  const { maxRows, maxBytes, maxCellBytes = Number.POSITIVE_INFINITY } = caps
  const rows: (readonly Cell[])[] = []
  const cutColumns = new Set<number>()
  let cutCount = 0
  let bytes = 0
  let truncated: Truncation | undefined

  const shortened = (row: readonly Cell[]): readonly Cell[] => {
    let copy: Cell[] | undefined
    for (const [place, cell] of row.entries()) {
      const cut = typeof cell === 'string' ? cutText(cell, maxCellBytes) : undefined
      if (cut !== undefined) (copy ??= [...row])[place] = cut
    }
    return copy ?? row
  }
  const cutCells = (): CutCells | undefined =>
    cutCount === 0
      ? undefined
      : {
          count: cutCount,
          limit: maxCellBytes,
          columns: [...cutColumns].toSorted((one, other) => one - other),
        }

  return {
    rows,
    add(row) {
      if (truncated !== undefined) return false
      const rowsSeen = rows.length + 1
      if (rows.length >= maxRows) {
        truncated = { cap: 'rows', limit: maxRows, rowsSeen }
        return false
      }
      const kept = shortened(row)
      bytes += Buffer.byteLength(JSON.stringify(kept)) + 1
      if (bytes > maxBytes) {
        truncated = { cap: 'bytes', limit: maxBytes, rowsSeen }
        return false
      }
      rows.push(kept)
      if (kept === row) return true
      for (const [place, cell] of kept.entries()) {
        if (cell === row[place]) continue
        cutCount += 1
        cutColumns.add(place)
      }
      return true
    },
    collected: () => ({ rows, truncated, cutCells: cutCells() }),
  }
}
