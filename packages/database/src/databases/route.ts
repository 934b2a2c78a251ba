import type { Catalog } from '@t2t/sql-guard'
import { wordsOf } from './words.ts'

/** Which database a question means, and why. */
export type Routing =
  | { readonly kind: 'one'; readonly database: RoutedDatabase }
  /** Several fit about equally well, best first: ask which one is meant. */
  | { readonly kind: 'several'; readonly databases: readonly RoutedDatabase[] }
  /** No database knows any word of the question. */
  | { readonly kind: 'none' }

/** A database that knows words of a question. */
export interface RoutedDatabase {
  readonly name: string
  /** Higher fits better; comparable within one question only. */
  readonly score: number
  readonly words: readonly RoutedWord[]
}

/** A word of a question and where a database knows it from. */
export interface RoutedWord {
  readonly word: string
  readonly foundIn: 'table' | 'column' | 'value' | 'comment'
  /** The table, or `table.column`. */
  readonly subject: string
}

/** How much it counts where a word is found. */
const weights: Readonly<Record<RoutedWord['foundIn'], number>> = {
  table: 4,
  value: 3,
  column: 2,
  comment: 1,
}

/** A runner-up with at least this share of the best score fits as well. */
const closeness = 0.75

/** Finds the databases whose visible catalogs know the words of a question. */
export function routeTo(
  question: string,
  catalogs: readonly { readonly name: string; readonly catalog: Catalog }[],
): Routing {
  const asked = new Set(wordsOf(question))
  const known = catalogs.map(({ name, catalog }) => ({ name, words: knownWords(catalog, asked) }))
  const scored = known
    .map(({ name, words }) => ({
      name,
      words: [...words.values()],
      score: [...words.values()].reduce(
        (sum, { word, foundIn }) => sum + weights[foundIn] * rarity(word, known),
        0,
      ),
    }))
    .filter(({ score }) => score > 0)
    .toSorted((one, other) => other.score - one.score)

  const [best] = scored
  if (best === undefined) return { kind: 'none' }
  const fitting = scored.filter(({ score }) => score >= best.score * closeness)
  return fitting.length === 1
    ? { kind: 'one', database: best }
    : { kind: 'several', databases: fitting }
}

/** A word that every database knows tells little about which one is meant. */
function rarity(
  word: string,
  known: readonly { readonly words: ReadonlyMap<string, RoutedWord> }[],
): number {
  const knowing = known.filter(({ words }) => words.has(word)).length
  return Math.log((known.length + 1) / knowing)
}

/** The words of a question that a catalog knows, each from where it counts most. */
function knownWords(catalog: Catalog, asked: ReadonlySet<string>): ReadonlyMap<string, RoutedWord> {
  const best = new Map<string, RoutedWord>()
  const look = (
    text: string | undefined,
    foundIn: RoutedWord['foundIn'],
    subject: string,
  ): void => {
    if (text === undefined) return
    for (const word of wordsOf(text)) {
      if (!asked.has(word)) continue
      const found = best.get(word)
      if (found === undefined || weights[foundIn] > weights[found.foundIn]) {
        best.set(word, { word, foundIn, subject })
      }
    }
  }
  for (const { name, comment, columns } of catalog.tables) {
    look(name, 'table', name)
    look(comment, 'comment', name)
    for (const column of columns) {
      const subject = `${name}.${column.name}`
      look(column.name, 'column', subject)
      look(column.comment, 'comment', subject)
      for (const value of column.enumValues ?? []) look(value, 'value', subject)
      for (const value of column.sampleValues ?? []) look(value, 'value', subject)
    }
  }
  return best
}
