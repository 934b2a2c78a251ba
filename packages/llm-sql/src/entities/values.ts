import type { Catalog } from '@t2t/sql-guard'
import { stem } from '../question/stem.ts'
import type { Token } from '../question/tokens.ts'
import type { StoredValue } from './mention.ts'

type ValueIndex = ReadonlyMap<string, readonly StoredValue[]>

const known = new WeakMap<Catalog, ValueIndex>()
const maxWords = 8

/** How a column of genders is spoken of when it holds letters. */
const genders: ReadonlyMap<string, readonly string[]> = new Map([
  ['f', ['female', 'woman', 'girl']],
  ['m', ['male', 'man', 'boy']],
  ['female', ['woman', 'girl']],
  ['male', ['man', 'boy']],
])

/** A run of tokens that is a value of the data. */
export interface ValueMatch {
  readonly from: number
  readonly to: number
  readonly values: readonly StoredValue[]
  /** Whether it was found in this very spelling, apart from case. */
  readonly isExact: boolean
}

/** Finds runs of tokens that are enumerated or sampled values of the catalog; runs may overlap. */
export function findValues(
  question: string,
  tokens: readonly Token[],
  catalog: Catalog,
): readonly ValueMatch[] {
  const index = valuesOf(catalog)
  const found: ValueMatch[] = []
  for (let from = 0; from < tokens.length; from++) {
    for (let to = from + 1; to <= Math.min(tokens.length, from + maxWords); to++) {
      const first = tokens[from]
      const last = tokens[to - 1]
      if (first === undefined || last === undefined || last.kind === 'comma') continue
      if (tokens.slice(from, to).every(({ kind }) => kind === 'number')) continue
      const text = first.kind === 'quoted' ? first.text : question.slice(first.start, last.end)
      if (text.length < 2 && first.kind !== 'quoted') continue
      const values = index.get(normalised(text))
      const bySingular =
        values ??
        index.get(
          `${normalised(text.slice(0, last.start - first.start))} ${stem(last.text)}`.trim(),
        )
      if (bySingular !== undefined)
        found.push({ from, to, values: bySingular, isExact: values !== undefined })
      if (first.kind === 'quoted') break
    }
  }
  return found
}

function valuesOf(catalog: Catalog): ValueIndex {
  const remembered = known.get(catalog)
  if (remembered !== undefined) return remembered
  const index = new Map<string, StoredValue[]>()
  for (const table of catalog.tables) {
    for (const column of table.columns) {
      const isGender = /sex|gender/i.test(column.name)
      for (const value of new Set([...(column.enumValues ?? []), ...(column.sampleValues ?? [])])) {
        const key = normalised(value)
        if (key === '' || key.length > 100) continue
        for (const spelling of [key, ...(isGender ? (genders.get(key) ?? []) : [])]) {
          const list = index.get(spelling)
          const stored = { table, column, value }
          if (list === undefined) index.set(spelling, [stored])
          else list.push(stored)
        }
      }
    }
  }
  known.set(catalog, index)
  return index
}

function normalised(text: string): string {
  return text
    .toLowerCase()
    .normalize('NFKC')
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}
