import type { Catalog, CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { root, stem } from '../question/stem.ts'
import { wordsOf } from './identifier.ts'
import { isAmount, timeKind } from './traits.ts'

/** A table or column, with the words by which a question may mean it. */
export interface LexiconEntry {
  readonly table: CatalogTable
  /** Absent for the table itself. */
  readonly column: CatalogColumn | undefined
  /** Stems of the words of the name. */
  readonly words: readonly string[]
  /** The same without the words of the table's name; equal to `words` where none would be left. */
  readonly shortWords: readonly string[]
  readonly commentWords: ReadonlySet<string>
  /** The roots of `words` and of `shortWords`. */
  readonly roots: readonly string[]
  readonly shortRoots: readonly string[]
}

/** What the words of a catalog may mean. */
export interface Lexicon {
  readonly entries: readonly LexiconEntry[]
  /** Entries by each stem and root of a word that leads to them. */
  readonly byWord: ReadonlyMap<string, readonly LexiconEntry[]>
}

const known = new WeakMap<Catalog, Lexicon>()

/** Collects the words of a catalog; remembered for as long as the catalog lives. */
export function lexiconOf(catalog: Catalog): Lexicon {
  const remembered = known.get(catalog)
  if (remembered !== undefined) return remembered
  const lexicon = build(catalog)
  known.set(catalog, lexicon)
  return lexicon
}

function build(catalog: Catalog): Lexicon {
  const tableWords = new Set(catalog.tables.flatMap((table) => wordsOf(table.name)))
  const entries: LexiconEntry[] = []
  for (const table of catalog.tables) {
    const words = wordsOf(table.name)
    entries.push({
      table,
      column: undefined,
      words,
      shortWords: words,
      commentWords: commentWords(table.comment),
      roots: words.map(root),
      shortRoots: words.map(root),
    })
    for (const column of table.columns) {
      const columnWords = wordsOf(column.name, tableWords)
      const own = withoutParticle(columnWords.filter((word) => !words.includes(word)))
      const rest =
        isAmount(table, column) || timeKind(column) === 'year' ? withoutMeasure(own) : own
      const shortWords = rest.length > 0 ? rest : columnWords
      entries.push({
        table,
        column,
        words: columnWords,
        shortWords,
        roots: columnWords.map(root),
        shortRoots: shortWords.map(root),
        commentWords: commentWords(column.comment),
      })
    }
  }
  return { entries, byWord: index(entries) }
}

const leading = new Set(['number', 'total', 'count'])
const trailing = new Set(['count', 'year'])

/** `seat_count` and `number_of_seats` are spoken of as "seats", `built_year` as "built". */
function withoutMeasure(words: readonly string[]): readonly string[] {
  if (words.length < 2) return words
  if (leading.has(words[0] ?? '')) return words.slice(1)
  return trailing.has(words.at(-1) ?? '') ? words.slice(0, -1) : words
}

/** `signed_up_on` is spoken of as "signed up". */
function withoutParticle(words: readonly string[]): readonly string[] {
  const last = words.at(-1)
  return words.length > 1 && (last === 'on' || last === 'at') ? words.slice(0, -1) : words
}

function index(entries: readonly LexiconEntry[]): ReadonlyMap<string, readonly LexiconEntry[]> {
  const byWord = new Map<string, LexiconEntry[]>()
  for (const entry of entries) {
    const keys = new Set([
      ...entry.words,
      ...entry.words.map(root),
      entry.words.join(''),
      ...entry.commentWords,
    ])
    for (const key of keys) {
      const list = byWord.get(key)
      if (list === undefined) byWord.set(key, [entry])
      else list.push(entry)
    }
  }
  return byWord
}

/** Words of a comment; long comments say too much to link by. */
function commentWords(comment: string | undefined): ReadonlySet<string> {
  if (comment === undefined || comment.length > 120) return new Set()
  return new Set((comment.match(/\p{L}{3,}/gu) ?? []).map(stem))
}
