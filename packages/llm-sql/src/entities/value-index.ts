import type { Catalog, CatalogColumn } from '@t2t/sql-guard'
import { root, stem } from '../question/stem.ts'
import { similarTerms, type SimilarTerms } from '../schema/ranking/similar.ts'
import { dayIn, editDistance, folded } from './fold.ts'
import type { StoredValue } from './mention.ts'

/** Known values of a catalog, by their spelling and by their forms. */
export interface ValueIndex {
  /** Values by their text in lower case, without accents and signs. */
  readonly exact: ReadonlyMap<string, readonly StoredValue[]>
  /** Values by each of {@link formsOf}. */
  readonly forms: ReadonlyMap<string, readonly StoredValue[]>
  /** Values that differ from a text by a typing error. */
  readonly misspelt: (text: string) => readonly StoredValue[]
}

/** Longest value that is known, in characters. */
const maxLength = 100
/** Values among which typing errors are looked for; of more, the first. */
const maxFuzzy = 20_000

const known = new WeakMap<Catalog, ValueIndex>()

/** Indexes the enumerated and sampled values of a catalog; remembered for as long as it lives. */
export function valuesOf(catalog: Catalog): ValueIndex {
  const remembered = known.get(catalog)
  if (remembered !== undefined) return remembered
  const index = build(catalog)
  known.set(catalog, index)
  return index
}

/** How a column of genders is spoken of when it holds letters. */
const genders: ReadonlyMap<string, readonly string[]> = new Map([
  ['f', ['female', 'woman', 'girl']],
  ['m', ['male', 'man', 'boy']],
  ['female', ['woman', 'girl']],
  ['male', ['man', 'boy']],
])

function build(catalog: Catalog): ValueIndex {
  const exact = new Map<string, StoredValue[]>()
  const forms = new Map<string, StoredValue[]>()
  for (const table of catalog.tables) {
    for (const column of table.columns) {
      for (const value of new Set([...(column.enumValues ?? []), ...(column.sampleValues ?? [])])) {
        const stored = { table, column, value }
        const key = folded(value)
        if (key === '' || key.length > maxLength) continue
        for (const spelling of [key, ...gendersOf(column, key)]) push(exact, spelling, stored)
        for (const form of formsOf(value)) push(forms, form, stored)
      }
    }
  }
  let similar: SimilarTerms | undefined
  const misspelt = (text: string): readonly StoredValue[] => {
    const key = folded(text)
    const most = key.length < 5 ? 0 : key.length < 9 ? 1 : 2
    if (most === 0 || /\d/.test(key)) return []
    similar ??= similarTerms([...exact.keys()].filter((one) => !/\d/.test(one)).slice(0, maxFuzzy))
    const near = similar
      .like(key)
      .map(([term]) => ({ term, distance: editDistance(key, term) }))
      .filter(({ distance }) => distance <= most)
      .toSorted((a, b) => a.distance - b.distance)
    return near
      .filter(({ distance }) => distance === near[0]?.distance)
      .flatMap(({ term }) => exact.get(term) ?? [])
  }
  return { exact, forms, misspelt }
}

function gendersOf({ name }: CatalogColumn, key: string): readonly string[] {
  return /sex|gender/i.test(name) ? (genders.get(key) ?? []) : []
}

/**
 * Keys that the forms of one text share: singular and plural, "engineer" and "engineering",
 * "Europe" and "European", `NorthCarolina` and "North Carolina", and the ways to write a day.
 */
export function formsOf(text: string): ReadonlySet<string> {
  const forms = new Set<string>()
  const day = dayIn(text)
  if (day !== undefined) return forms.add(`day ${day}`)
  const words = folded(text).split(' ')
  if (words.length > 6) return forms
  forms.add(`stem ${words.map(stem).join(' ')}`)
  const joined = words.join('')
  const isCode = joined.length >= 4 && /\d/.test(joined) && /\p{L}/u.test(joined)
  if (joined.length >= 5 || isCode) forms.add(`joined ${joined}`)
  if (words.every((word) => word.length >= 4 && !/\d/.test(word)))
    forms.add(`root ${words.map((word) => root(peopleless(word))).join(' ')}`)
  return forms
}

/** "european" and "europe" give "europ", "brazilian" and "brazil" give "brazil". */
function peopleless(word: string): string {
  const short = word.replace(/(?:ian|ean|an|ese|ish|i|n)$/, '')
  const rest = short.length >= 4 ? short : word
  return rest.length > 4 ? rest.replace(/[aey]$/, '') : rest
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
