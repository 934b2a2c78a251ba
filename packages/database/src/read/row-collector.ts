import { Buffer } from 'node:buffer'
import type { Cell, ReadCaps, Truncation } from './read.ts'

/** Takes rows as they are fetched until a cap is reached. */
export interface RowCollector {
  readonly rows: readonly (readonly Cell[])[]
  /** Says which cap ended the collecting; absent while there is room. */
  readonly truncated: Truncation | undefined
  /** Takes one row; `false` says that it did not fit and that nothing more is wanted. */
  add(row: readonly Cell[]): boolean
}

/** Creates a collector that holds at most what the caps allow, however much is offered. */
export function createRowCollector(caps: Pick<ReadCaps, 'maxRows' | 'maxBytes'>): RowCollector {
  const rows: (readonly Cell[])[] = []
  let bytes = 0
  let truncated: Truncation | undefined

  return {
    rows,
    get truncated() {
      return truncated
    },
    add(row) {
      if (truncated !== undefined) return false
      if (rows.length >= caps.maxRows) {
        truncated = { cap: 'rows', limit: caps.maxRows }
        return false
      }
      bytes += Buffer.byteLength(JSON.stringify(row)) + 1
      if (bytes > caps.maxBytes) {
        truncated = { cap: 'bytes', limit: caps.maxBytes }
        return false
      }
      rows.push(row)
      return true
    },
  }
}
