import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { root, stem } from '../../question/stem.ts'
import { wordsOf } from '../identifier.ts'
import { displayColumn, isKey } from '../traits.ts'
import { similarTerms, type SimilarTerms } from './similar.ts'
import { kindOfColumn, shapesOf, type ValueKind } from './shapes.ts'

/** What is known of a column before any question. */
export interface ColumnProfile {
  readonly table: TableProfile
  readonly column: CatalogColumn
  /** Stems of the words of its name. */
  readonly words: readonly string[]
  /** The name in lower case, with one blank between words and one at each end. */
  readonly phrase: string
  readonly commentWords: readonly string[]
  readonly kind: ValueKind
  readonly shapes: ReadonlySet<string>
  readonly isPrimary: boolean
  readonly isForeign: boolean
  readonly isDisplay: boolean
  /** Holds the names of places. */
  readonly isPlace: boolean
  /** Holds longer texts: bodies, descriptions, titles. */
  readonly isContent: boolean
  /** Its place in the table, 0 for the first. */
  readonly at: number
}

/** What is known of a table before any question. */
export interface TableProfile {
  readonly table: CatalogTable
  readonly words: readonly string[]
  readonly commentWords: readonly string[]
  readonly columns: readonly ColumnProfile[]
}

/** What is known of a schema before any question: the statistics that ranking goes by. */
export interface SchemaProfile {
  readonly tables: readonly TableProfile[]
  readonly columns: readonly ColumnProfile[]
  /** Tables whose own name or comment, or whose columns, hold a term. */
  readonly tablesBy: ReadonlyMap<string, readonly TableProfile[]>
  /** Terms that share a root with a word. */
  readonly byRoot: ReadonlyMap<string, readonly string[]>
  readonly similar: SimilarTerms
  /** How rare a term is among columns: 0 to 1. */
  readonly rarity: (term: string) => number
  /** How rare a shape of values is among columns: 0 to 1. */
  readonly shapeRarity: (shape: string) => number
}

const placeWords = new Set(
  'city town country nation state province county region district location place address continent nationality hometown origin'.split(
    ' ',
  ),
)
const contentWords = new Set(
  'title text body content comment message description note summary headline subject'.split(' '),
)

const known = new WeakMap<Catalog, SchemaProfile>()

/** Collects the statistics of a catalog; remembered for as long as the catalog lives. */
export function profileOf(catalog: Catalog): SchemaProfile {
  const remembered = known.get(catalog)
  if (remembered !== undefined) return remembered
  const profile = build(catalog)
  known.set(catalog, profile)
  return profile
}

function build(catalog: Catalog): SchemaProfile {
  const tableWords = new Set(catalog.tables.flatMap(({ name }) => wordsOf(name)))
  const tables = catalog.tables.map((table) => tableProfile(table, tableWords))
  const columns = tables.flatMap((table) => table.columns)
  const tablesBy = new Map<string, TableProfile[]>()
  for (const table of tables) {
    const terms = new Set([
      ...table.words,
      ...table.commentWords,
      ...table.columns.flatMap((column) => [...column.words, ...column.commentWords]),
    ])
    for (const term of terms) push(tablesBy, term, table)
  }
  const byRoot = new Map<string, string[]>()
  for (const term of tablesBy.keys()) push(byRoot, root(term), term)
  const uses = count(columns.map(({ words, commentWords }) => new Set([...words, ...commentWords])))
  const shapes = count(columns.map((column) => column.shapes))
  const rarityAmong =
    (counts: ReadonlyMap<string, number>) =>
    (key: string): number =>
      1 - Math.log1p(counts.get(key) ?? 0) / Math.log1p(columns.length + 1)
  return {
    tables,
    columns,
    tablesBy,
    byRoot,
    similar: similarTerms(tablesBy.keys()),
    rarity: rarityAmong(uses),
    shapeRarity: rarityAmong(shapes),
  }
}

function tableProfile(table: CatalogTable, tableWords: ReadonlySet<string>): TableProfile {
  const columns: ColumnProfile[] = []
  const profile: TableProfile = {
    table,
    words: wordsOf(table.name),
    commentWords: wordsOfComment(table.comment),
    columns,
  }
  const display = displayColumn(table)
  for (const [at, column] of table.columns.entries()) {
    const isPrimary = table.primaryKey.includes(column.name)
    const words = wordsOf(column.name, tableWords)
    columns.push({
      table: profile,
      column,
      words,
      isPlace: words.some((word) => placeWords.has(word)),
      isContent: words.some((word) => contentWords.has(word)),
      phrase: phraseOf(column.name),
      commentWords: wordsOfComment(column.comment),
      kind: kindOfColumn(column),
      shapes: shapesOf(column),
      isPrimary,
      isForeign: isKey(table, column) && !(isPrimary && table.primaryKey.length === 1),
      isDisplay: column === display,
      at,
    })
  }
  return profile
}

/** A text in lower case, with one blank between words and one at each end. */
export function phraseOf(text: string): string {
  return ` ${text
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()} `
}

/** Words of a comment; of a long one, those of its beginning. */
function wordsOfComment(comment: string | undefined): readonly string[] {
  if (comment === undefined) return []
  return [...new Set((comment.slice(0, 200).match(/[\p{L}\p{N}]{2,}/gu) ?? []).map(stem))]
}

function count(sets: readonly ReadonlySet<string>[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>()
  for (const set of sets) for (const key of set) counts.set(key, (counts.get(key) ?? 0) + 1)
  return counts
}

function push<Value>(map: Map<string, Value[]>, key: string, value: Value): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
