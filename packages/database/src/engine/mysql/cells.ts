import { Buffer } from 'node:buffer'
import mysql from 'mysql2'
import type { Cell } from '../../read/read.ts'

const { Types } = mysql

/** Gives a value of the binary protocol its exact JSON form; the session runs in UTC. */
export function toCell(value: unknown, columnType: number): Cell {
  if (value === null || value === undefined) return null
  if (typeof value === 'number') return numberCell(value, columnType)
  if (typeof value === 'string') return textCell(value, columnType)
  if (Buffer.isBuffer(value)) return bufferCell(value, columnType)
  // Points and polygons.
  return JSON.stringify(value)
}

function numberCell(value: number, columnType: number): Cell {
  if (!Number.isFinite(value)) return String(value)
  return columnType === Types.FLOAT ? shortest(value) : value
}

function textCell(value: string, columnType: number): Cell {
  switch (columnType) {
    case Types.LONGLONG:
      return Number.isSafeInteger(Number(value)) ? Number(value) : value
    case Types.DATETIME:
      return value.replace(' ', 'T')
    case Types.TIMESTAMP:
      return `${value.replace(' ', 'T')}Z`
    default:
      return value
  }
}

function bufferCell(value: Buffer, columnType: number): Cell {
  if (columnType !== Types.BIT) return value.toString('base64')
  const bits = BigInt(`0x${value.toString('hex') || '0'}`)
  return bits <= Number.MAX_SAFE_INTEGER ? Number(bits) : bits.toString()
}

/** The shortest decimal that is the same single-precision number, as the server prints it. */
function shortest(value: number): number {
  for (let digits = 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return value
}

/** Spells the type of an output column. */
export function typeName(columnType: number): string {
  const { [columnType]: name = 'unknown' } = typeNames
  return name
}

const typeNames: Readonly<Record<number, string>> = {
  [Types.DECIMAL]: 'decimal',
  [Types.TINY]: 'tinyint',
  [Types.SHORT]: 'smallint',
  [Types.LONG]: 'int',
  [Types.FLOAT]: 'float',
  [Types.DOUBLE]: 'double',
  [Types.NULL]: 'null',
  [Types.TIMESTAMP]: 'timestamp',
  [Types.LONGLONG]: 'bigint',
  [Types.INT24]: 'mediumint',
  [Types.DATE]: 'date',
  [Types.TIME]: 'time',
  [Types.DATETIME]: 'datetime',
  [Types.YEAR]: 'year',
  [Types.BIT]: 'bit',
  [Types.JSON]: 'json',
  [Types.NEWDECIMAL]: 'decimal',
  [Types.ENUM]: 'enum',
  [Types.SET]: 'set',
  [Types.TINY_BLOB]: 'text',
  [Types.MEDIUM_BLOB]: 'text',
  [Types.LONG_BLOB]: 'text',
  [Types.BLOB]: 'text',
  [Types.VAR_STRING]: 'varchar',
  [Types.STRING]: 'char',
  [Types.GEOMETRY]: 'geometry',
}
