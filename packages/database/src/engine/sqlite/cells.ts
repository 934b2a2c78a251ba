import { Buffer } from 'node:buffer'
import type { SQLOutputValue } from 'node:sqlite'
import type { Cell } from '../../read/read.ts'

/** Gives a value of SQLite its exact JSON form. */
export function toCell(value: SQLOutputValue | undefined): Cell {
  if (value === undefined || value === null || typeof value === 'string') return value ?? null
  if (typeof value === 'bigint') {
    const number = Number(value)
    return Number.isSafeInteger(number) ? number : value.toString()
  }
  // JSON has no infinities; NaN does not occur, SQLite turns it into NULL.
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value)
  return Buffer.from(value.buffer, value.byteOffset, value.byteLength).toString('base64')
}
