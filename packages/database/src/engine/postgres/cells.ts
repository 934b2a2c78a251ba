import { Buffer } from 'node:buffer'
import type { Cell } from '../../read/read.ts'

/** Ids of built-in types that have a JSON form of their own; they are the same everywhere. */
const types = {
  bool: 16,
  bytea: 17,
  int8: 20,
  int2: 21,
  int4: 23,
  oid: 26,
  float4: 700,
  float8: 701,
  timestamp: 1114,
  timestamptz: 1184,
} as const

/** Gives the text that PostgreSQL sent for a value its exact JSON form. */
export function toCell(text: string | null, typeId: number): Cell {
  if (text === null) return null
  switch (typeId) {
    case types.bool:
      return text === 't'
    case types.bytea:
      return Buffer.from(text.slice(2), 'hex').toString('base64')
    case types.int2:
    case types.int4:
    case types.oid:
      return Number(text)
    case types.int8:
      return Number.isSafeInteger(Number(text)) ? Number(text) : text
    case types.float4:
    case types.float8:
      return Number.isFinite(Number(text)) ? Number(text) : text
    case types.timestamp:
      return text.replace(/^(\d{4,}-\d\d-\d\d) /, '$1T')
    case types.timestamptz:
      // The session runs in UTC.
      return text.replace(/^(\d{4,}-\d\d-\d\d) (.*)\+00( BC)?$/, '$1T$2Z$3')
    default:
      return text
  }
}
