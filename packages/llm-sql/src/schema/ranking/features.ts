import type { CatalogColumn } from '@t2t/sql-guard'
import type { ColumnProfile, SchemaProfile, TableProfile } from './profile.ts'
import type { QuestionTerms } from './question-terms.ts'

/** Reasons for showing a column, each from 0 up; their weighted sum is its score. */
export interface ColumnFeatures {
  /** Share of the name that the question says, times how rare its words are. */
  readonly rare: number
  /** The name stands in the question word for word. */
  readonly phrase: number
  /** The same of the comment. */
  readonly commentRare: number
  /** A known value of the column stands in the question. */
  readonly value: number
  /** The question holds a code of the shape that the values have. */
  readonly shape: number
  /** The question asks for a time, and the column holds times. */
  readonly time: number
  /** The question asks for an amount, and the column holds numbers that are no keys. */
  readonly number: number
  readonly primaryKey: number
  /** The question counts, and the column is the key. */
  readonly counted: number
  readonly foreignKey: number
  /** The column by which rows are known. */
  readonly display: number
  /** Share of the table's name that the question says. */
  readonly tableNamed: number
  readonly tableCommented: number
  /** The best that other columns of the table have to show. */
  readonly tableSupport: number
  /** The same for values. */
  readonly tableValue: number
  /** Both the table and the column are named. */
  readonly both: number
  /** The question holds a name that nothing is known of, and rows are known by the column. */
  readonly unknownName: number
  /** The question says where from, and the column holds places. */
  readonly place: number
  /** The question quotes a longer text, and the column holds such. */
  readonly content: number
  /** The place in the table: 0 for the first column, below 1 for the last. */
  readonly late: number
}

/** The names of all features, in a stable order. */
export type FeatureName = keyof ColumnFeatures

interface Said {
  readonly share: number
  readonly rarity: number
}

const nothing: Said = { share: 0, rarity: 0 }

/** Computes the features of all columns of a table. */
export function featuresOf(
  table: TableProfile,
  question: QuestionTerms,
  profile: SchemaProfile,
  valueHits: ReadonlyMap<CatalogColumn, number>,
): readonly (readonly [ColumnProfile, ColumnFeatures])[] {
  const name = said(table.words, question, profile)
  const comment = said(table.commentWords, question, profile)
  const spoken = table.columns.map((column) => ({
    column,
    name: said(column.words, question, profile),
    comment: said(column.commentWords, question, profile),
    phrase: phraseIn(column, question),
    value: valueHits.get(column.column) ?? 0,
  }))
  const supports = spoken.map(
    ({ name: { share, rarity }, comment: { share: other } }) => Math.max(share, other) * rarity,
  )
  const best = supports.toSorted((a, b) => b - a)
  return spoken.map(({ column, name: own, comment: remark, phrase, value }, at) => {
    const others = (supports[at] ?? 0) === best[0] ? (best[1] ?? 0) : (best[0] ?? 0)
    const tableValue = spoken.reduce(
      (most, one) => (one.column === column ? most : Math.max(most, one.value)),
      0,
    )
    return [
      column,
      {
        rare: own.share * own.rarity,
        phrase,
        commentRare: remark.share * remark.rarity,
        value,
        shape: shapeHit(column, question, profile),
        time: question.asksForTime && column.kind === 'time' ? 1 : 0,
        number: question.asksForNumber && column.kind === 'number' && !isKeyed(column) ? 1 : 0,
        primaryKey: column.isPrimary ? 1 : 0,
        counted: question.asksForCount && column.isPrimary ? 1 : 0,
        foreignKey: column.isForeign ? 1 : 0,
        display: column.isDisplay ? 1 : 0,
        tableNamed: name.share,
        tableCommented: comment.share,
        tableSupport: others,
        tableValue,
        unknownName: question.hasUnknownName && column.isDisplay ? 1 : 0,
        place: question.asksWhere && column.isPlace ? 1 : 0,
        content: question.quotesText && column.isContent ? 1 : 0,
        both: Math.max(name.share, comment.share) * Math.max(own.share, remark.share),
        late: column.at / table.columns.length,
      },
    ]
  })
}

function isKeyed({ isPrimary, isForeign }: ColumnProfile): boolean {
  return isPrimary || isForeign
}

function said(
  words: readonly string[],
  { strength }: QuestionTerms,
  { rarity }: SchemaProfile,
): Said {
  if (words.length === 0) return nothing
  let total = 0
  let found = 0
  let rarest = 0
  for (const word of words) {
    const weight = 0.1 + rarity(word)
    const hit = strength.get(word) ?? 0
    total += weight
    found += weight * hit
    if (hit > 0) rarest = Math.max(rarest, rarity(word) * hit)
  }
  return { share: found / total, rarity: rarest }
}

function phraseIn({ words, phrase }: ColumnProfile, { stems, text }: QuestionTerms): number {
  if (phrase.length >= 4 && text.includes(phrase)) return 1
  return words.length >= 2 && stems.includes(` ${words.join(' ')} `) ? 1 : 0
}

function shapeHit(
  { shapes }: ColumnProfile,
  { shapes: asked }: QuestionTerms,
  { shapeRarity }: SchemaProfile,
): number {
  let best = 0
  for (const shape of asked) if (shapes.has(shape)) best = Math.max(best, shapeRarity(shape))
  return best
}
