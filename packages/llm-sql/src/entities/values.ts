import type { Catalog } from '@t2t/sql-guard'
import type { Token } from '../question/tokens.ts'
import { wordsOf } from '../schema/identifier.ts'
import type { StoredValue } from './mention.ts'
import { folded } from './fold.ts'
import { formsOf, valuesOf, type ValueIndex } from './value-index.ts'

const maxWords = 8

/** How the text of a question met a value. */
export type ValueMatchKind = 'exact' | 'form' | 'misspelt'

/** A run of tokens that is a value of the data. */
export interface ValueMatch {
  readonly from: number
  readonly to: number
  /** Every column that is known to hold it. */
  readonly values: readonly StoredValue[]
  /**
   * `exact` is the same but for case, accents and signs; `form` another form of the words or of a
   * day; `misspelt` differs by a letter or two.
   */
  readonly kind: ValueMatchKind
}

/** Finds runs of tokens that are enumerated or sampled values of the catalog; runs may overlap. */
export function findValues(
  question: string,
  tokens: readonly Token[],
  catalog: Catalog,
): readonly ValueMatch[] {
  const index = valuesOf(catalog)
  if (index.exact.size === 0) return []
  const found: ValueMatch[] = []
  for (let from = 0; from < tokens.length; from++) {
    for (let to = from + 1; to <= Math.min(tokens.length, from + maxWords); to++) {
      const first = tokens[from]
      const last = tokens[to - 1]
      if (first === undefined || last === undefined || last.kind === 'comma') continue
      const text = first.kind === 'quoted' ? first.text : question.slice(first.start, last.end)
      const match = valuesAt(text, from, to, tokens, index)
      if (match !== undefined) found.push({ from, to, ...match })
      if (first.kind === 'quoted') break
    }
  }
  return [...found, ...misspeltNames(question, tokens, found, index)]
}

type Found = Pick<ValueMatch, 'values' | 'kind'>

function valuesAt(
  text: string,
  from: number,
  to: number,
  tokens: readonly Token[],
  { exact, forms }: ValueIndex,
): Found | undefined {
  const run = tokens.slice(from, to)
  const key = folded(text)
  const same = exact.get(key) ?? []
  const isQuoted = run[0]?.kind === 'quoted'
  if (!isQuoted && isBare(run, key)) {
    const values = same.filter((value) => isBeside(value, tokens, from, to))
    return values.length === 0 ? undefined : { values, kind: 'exact' }
  }
  if (same.length > 0) return { values: same, kind: 'exact' }
  if (key.length < 3) return undefined
  const isName = isQuoted || run.every(({ isProper, kind }) => isProper || kind === 'number')
  for (const form of formsOf(text)) {
    if (form.startsWith('root') && !isName && run.length > 1) continue
    const values = forms.get(form)
    if (values !== undefined) return { values, kind: 'form' }
  }
  return undefined
}

/** A single letter, or numbers alone that are no long code: they are values only beside a name. */
function isBare(run: readonly Token[], key: string): boolean {
  const isNumber = run.every(({ kind }) => kind === 'number')
  return key.length < 2 || (isNumber && !/^(?:0\d{3,}|\d{6,})$/.test(key))
}

/** Whether the two words before or the one after name the column or table that holds a value. */
function isBeside(
  { table, column }: StoredValue,
  tokens: readonly Token[],
  from: number,
  to: number,
): boolean {
  const near = [...tokens.slice(Math.max(0, from - 2), from), ...tokens.slice(to, to + 1)]
  const names = new Set([...wordsOf(column.name), ...wordsOf(table.name)])
  return near.some(({ stem }) => names.has(stem))
}

/** Names that no value is spelled like, and that a letter or two would make one. */
function misspeltNames(
  question: string,
  tokens: readonly Token[],
  found: readonly ValueMatch[],
  { misspelt }: ValueIndex,
): readonly ValueMatch[] {
  const isFree = (at: number): boolean =>
    tokens[at] !== undefined &&
    (tokens[at].isProper || tokens[at].kind === 'quoted') &&
    !found.some(({ from, to }) => from <= at && at < to)
  const matches: ValueMatch[] = []
  for (let from = 0; from < tokens.length; from++) {
    if (!isFree(from)) continue
    let to = from + 1
    while (tokens[from]?.kind !== 'quoted' && to < from + 4 && isFree(to)) to += 1
    for (let end = to; end > from; end--) {
      const [first, last] = [tokens[from], tokens[end - 1]]
      if (first === undefined || last === undefined) break
      const text = first.kind === 'quoted' ? first.text : question.slice(first.start, last.end)
      const values = misspelt(text)
      if (values.length === 0) continue
      matches.push({ from, to: end, values, kind: 'misspelt' })
      break
    }
    from = to - 1
  }
  return matches
}
