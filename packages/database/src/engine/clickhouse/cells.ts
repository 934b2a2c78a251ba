import { Buffer, isUtf8 } from 'node:buffer'
import type { Cell } from '../../read/read.ts'
import { type ColumnType, parseType } from './types.ts'

/** Turns the values of one row into cells. */
export type RowReader = (line: Buffer) => readonly Cell[]

/** Creates a reader for rows of these types. */
export function createRowReader(types: readonly string[]): RowReader {
  const parsed = types.map(parseType)
  return (line) => {
    const values = parseLine(line)
    return parsed.map((type, place) => toCell(values[place], type))
  }
}

/**
 * Parses a line of JSON. Strings of ClickHouse are bytes: those of a line that is no UTF-8 are read
 * one by one, and given as base64 where they are no text.
 */
export function parseLine(line: Buffer): readonly unknown[] {
  const value: unknown = isUtf8(line)
    ? JSON.parse(line.toString('utf8'))
    : JSON.parse(line.toString('latin1'), (_key, inner: unknown) =>
        typeof inner === 'string' ? textOf(inner) : inner,
      )
  if (!Array.isArray(value)) throw new TypeError('The row is not a list.')
  return value
}

/** Every character is a byte, apart from those that JSON has escaped. */
function textOf(characters: string): string {
  const bytes = Buffer.concat(
    Array.from(characters, (character) =>
      Buffer.from(character, (character.codePointAt(0) ?? 0) > 0xff ? 'utf8' : 'latin1'),
    ),
  )
  return bytes.toString(isUtf8(bytes) ? 'utf8' : 'base64')
}

/** Gives a value its documented JSON form; lists, tuples, maps and JSON are their text. */
function toCell(value: unknown, type: ColumnType): Cell {
  const exact = exactly(value, type)
  if (exact === null || typeof exact === 'boolean') return exact
  if (typeof exact === 'number' || typeof exact === 'string') return exact
  return JSON.stringify(exact)
}

function exactly(value: unknown, type: ColumnType): unknown {
  if (value === null || value === undefined) return null
  const [first, second] = type.parts
  switch (type.name) {
    case 'Nullable':
    case 'LowCardinality':
      return first === undefined ? value : exactly(value, first)
    case 'SimpleAggregateFunction':
      return second === undefined ? value : exactly(value, second)
    case 'Array':
      return first !== undefined && Array.isArray(value)
        ? value.map((each) => exactly(each, first))
        : value
    case 'Tuple':
    case 'Nested':
      return ofFields(value, type.parts)
    case 'Map':
      return second === undefined ? value : ofFields(value, undefined, second)
    default:
      return isInteger(type.name) && typeof value === 'string' ? integerOf(value) : value
  }
}

/** The fields of a tuple by their place, or the values of a map by their key. */
function ofFields(
  value: unknown,
  types: readonly ColumnType[] | undefined,
  each?: ColumnType,
): unknown {
  const typed = (inner: unknown, place: number): unknown => {
    const type = each ?? types?.[place]
    return type === undefined ? inner : exactly(inner, type)
  }
  if (Array.isArray(value)) return value.map(typed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner], place) => [key, typed(inner, place)]),
  )
}

function isInteger(name: string): boolean {
  return /^U?Int\d+$/.test(name)
}

function integerOf(text: string): number | string {
  const number = Number(text)
  return Number.isSafeInteger(number) ? number : text
}
