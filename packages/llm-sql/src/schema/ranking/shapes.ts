import type { CatalogColumn } from '@t2t/sql-guard'

/** What the values of a column are, by its values where some are known, else by its type. */
export type ValueKind = 'time' | 'number' | 'text' | 'flag'

const timeText = /^\d{4}-\d{1,2}-\d{1,2}(?:[ T]\d|$)|^\d{1,2}[/.]\d{1,2}[/.]\d{2,4}$|^\d{1,2}:\d{2}/

/** Says what a column holds. */
export function kindOfColumn({ name, type, enumValues, sampleValues }: CatalogColumn): ValueKind {
  const values = (sampleValues ?? enumValues ?? []).slice(0, 20)
  if (/^bool/i.test(type) || /^(?:is|has|can)[_A-Z]/.test(name)) return 'flag'
  if (values.length > 0) {
    if (values.every((value) => timeText.test(value))) return 'time'
    if (!values.every((value) => /^-?\d+(?:\.\d+)?$/.test(value))) return 'text'
    return /date|year/i.test(name) ? 'time' : 'number'
  }
  if (/date|time|year/i.test(type) || /date|year|month/i.test(name)) return 'time'
  return /int|real|floa|doub|num|dec|money|serial/i.test(type) ? 'number' : 'text'
}

/** The shapes of the known values of a column. */
export function shapesOf({ enumValues, sampleValues }: CatalogColumn): ReadonlySet<string> {
  const values = (sampleValues ?? enumValues ?? []).slice(0, 20)
  return new Set(values.map(shapeOf).filter((shape) => shape !== undefined))
}

/**
 * The shape of a code: what it is when letters and digits are forgotten, so that `AB-017` and
 * `XY-204` have one. Plain words, plain numbers and long texts have none.
 */
export function shapeOf(value: string): string | undefined {
  if (value.length < 3 || value.length > 40 || !/\d/.test(value)) return undefined
  if (/^\d+(?:\.\d+)?$/.test(value) || /\s/.test(value.trim())) return undefined
  return value
    .replaceAll(/\p{Lu}+/gu, 'A')
    .replaceAll(/\p{L}+/gu, (run) => (run === 'A' ? 'A' : 'a'))
    .replaceAll(/\d+/g, '9')
}
