import type { Dialect } from '@t2t/sql-guard'
import { isNumeric } from '../schema/traits.ts'
import { partsOf, placeOf, type ColumnPlace, type ReadSelect } from './selects.ts'

/** A comparison of a column with a constant. */
export interface Filter extends ColumnPlace {
  readonly operator: '=' | '<>' | '<' | '<=' | '>' | '>=' | 'in'
  readonly value: string | number
}

const operators = {
  '=': '=',
  '<>': '<>',
  '!=': '<>',
  '<': '<',
  '<=': '<=',
  '>': '>',
  '>=': '>=',
} as const

/** Reads the comparisons of columns with constants in the condition of a `SELECT`. */
export function filtersOf(read: ReadSelect, sql: string): readonly Filter[] {
  const { where } = read.select
  if (where === undefined) return []
  const parts = partsOf(where)
  const literals = parts
    .filter(({ kind }) => kind === 'literal')
    .toSorted((a, b) => a.span.start - b.span.start)
  return parts.flatMap((part): Filter[] => {
    const place = placeOf(part, read)
    if (place === undefined) return []
    const after = literals.filter(({ span }) => span.start >= part.span.end)
    const [first] = after
    if (first === undefined) return []
    const between = sql.slice(part.span.end, first.span.start).trim()
    const value = valueOf(sql.slice(first.span.start, first.span.end))
    const operator = Object.entries(operators).find(([sign]) => sign === between)?.[1]
    if (operator !== undefined) return value === undefined ? [] : [{ ...place, operator, value }]
    if (!/^in\s*\($/i.test(between)) return []
    const list = /^\s*([^()]*)\)/.exec(sql.slice(first.span.start))
    const end = first.span.start + (list?.[0].length ?? 0)
    return after
      .filter(({ span }) => span.end < end)
      .flatMap(({ span }) => {
        const one = valueOf(sql.slice(span.start, span.end))
        return one === undefined ? [] : [{ ...place, operator: 'in' as const, value: one }]
      })
  })
}

function valueOf(text: string): string | number | undefined {
  if (/^'(?:[^']|'')*'$/.test(text)) return text.slice(1, -1).replaceAll("''", "'")
  return /^-?\d+(?:\.\d+)?$/.test(text) ? Number(text) : undefined
}

/** Whether filters of one `SELECT` hold all at once: there is no `OR`, `NOT` or `CASE`. */
export function areAllNeeded({ select }: ReadSelect, sql: string): boolean {
  const { where } = select
  if (where === undefined) return true
  const text = sql.slice(where.span.start, where.span.end).replaceAll(/'(?:[^']|'')*'/g, '')
  return !/\b(?:or|not|case|select)\b/i.test(text)
}

/** Finds a column of which no row can obey the filters. */
export function contradictionIn(filters: readonly Filter[]): ColumnPlace | undefined {
  return filters.find((one) =>
    filters.some(
      (other) =>
        other.table === one.table &&
        other.column === one.column &&
        typeof other.value === typeof one.value &&
        excludes(one, other),
    ),
  )
}

function excludes(one: Filter, other: Filter): boolean {
  if (one.operator === '=' && other.operator === '=') return one.value !== other.value
  const isLow = one.operator === '>' || one.operator === '>=' || one.operator === '='
  const isHigh = other.operator === '<' || other.operator === '<=' || other.operator === '='
  if (!isLow || !isHigh) return false
  const isOpen = one.operator === '>' || other.operator === '<'
  return one.value > other.value || (isOpen && one.value === other.value)
}

/** Whether a column of numbers is compared with words. */
export function isWordForNumber({ column, value }: Filter): boolean {
  return typeof value === 'string' && isNumeric(column) && /^\p{L}[\p{L} ]*$/u.test(value)
}

/**
 * Asks whether text that is compared with a number compares otherwise than its number does, where the
 * engine compares letters: `'9' < 10` is not true there.
 */
export function letterComparison(
  { table, column, operator, value }: Filter,
  { name, traits: { quoteName } }: Dialect,
): string | undefined {
  const isOrder = operator !== '=' && operator !== '<>' && operator !== 'in'
  if (name !== 'sqlite' || !isOrder || typeof value !== 'number') return undefined
  if (!/char|text|string|clob/i.test(column.type)) return undefined
  const place = quoteName(column.name)
  const from = `${quoteName(table.schema)}.${quoteName(table.name)}`
  return `SELECT 1 FROM ${from} WHERE (${place} ${operator} ${value}) <> (CAST(${place} AS real) ${operator} ${value}) AND ${place} GLOB '[0-9]*' LIMIT 1`
}
