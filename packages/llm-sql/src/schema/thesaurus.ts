import { stem } from '../question/stem.ts'
import { findGrammar } from '../question/grammar.ts'
import type { Token } from '../question/tokens.ts'
import type { Lexicon, LexiconEntry } from './lexicon.ts'
import type { SchemaMatch } from './match.ts'

/**
 * Knows words of like meaning.
 *
 * Implement this over a dictionary that you may use, such as WordNet or the glossary of a trade. It
 * is asked in the middle of a question, so that it must answer at once.
 */
export interface Thesaurus {
  /**
   * Gives other words for a word, the closest first. The word is in lower case and singular; words
   * that are given back may have several parts. Must be pure. Of a long list the first 24 are used.
   */
  synonymsOf(word: string): readonly string[]
}

const maxSynonyms = 24
/** What a whole name under another word counts; less than any form of its own words. */
const wholeStrength = 0.74
const shortStrength = 0.72
const maxPhrase = 3

/**
 * Finds runs of tokens that mean something in the schema by words of like meaning, where their own
 * words mean nothing: `known` is what those were found to mean.
 */
export function matchSynonyms(
  tokens: readonly Token[],
  known: readonly SchemaMatch[],
  lexicon: Lexicon,
  thesaurus: Thesaurus,
): readonly SchemaMatch[] {
  const isKnown = (at: number): boolean =>
    known.some(
      ({ from, to, candidates }) =>
        from <= at && at < to && (candidates[0]?.strength ?? 0) > wholeStrength,
    )
  const grammar = findGrammar(
    tokens.map(({ kind, text }) => (kind === 'word' ? text.toLowerCase() : ',')),
  )
  const isGrammar = (at: number): boolean => grammar.some(({ from, to }) => from <= at && at < to)
  const words = tokens.map((token, at): readonly string[] => {
    if (token.kind !== 'word') return []
    const isOpen = !isKnown(at) && !isGrammar(at) && !token.isProper
    return [token.stem, ...(isOpen ? synonyms(token, thesaurus) : [])]
  })
  const matches: SchemaMatch[] = []
  for (let from = 0; from < tokens.length; from++) {
    for (let to = from + 1; to <= Math.min(tokens.length, from + maxPhrase); to++) {
      const span = words.slice(from, to)
      if (span.some((one) => one.length === 0)) break
      if (span.every((one) => one.length === 1)) continue
      const candidates = candidatesFor(span, lexicon)
      if (candidates.length > 0) matches.push({ from, to, candidates })
    }
  }
  return matches
}

function synonyms({ stem: word }: Token, thesaurus: Thesaurus): readonly string[] {
  return thesaurus
    .synonymsOf(word)
    .slice(0, maxSynonyms)
    .map((one) =>
      one
        .toLowerCase()
        .split(/[\s_-]+/)
        .map(stem)
        .join(' '),
    )
}

function candidatesFor(
  span: readonly (readonly string[])[],
  { byWord }: Lexicon,
): SchemaMatch['candidates'] {
  const entries = new Set(
    span.flatMap((words) => words.flatMap((word) => byWord.get(word.split(' ')[0] ?? '') ?? [])),
  )
  return [...entries]
    .flatMap((entry) => {
      const strength = strengthOf(span, entry)
      return strength === 0 ? [] : [{ entry, strength }]
    })
    .toSorted((a, b) => b.strength - a.strength)
}

function strengthOf(span: readonly (readonly string[])[], entry: LexiconEntry): number {
  if (isMeant(span, entry.words)) return wholeStrength
  return isMeant(span, entry.shortWords) ? shortStrength : 0
}

/** Whether the words stand for the parts of a name, each for one or more of them, in any order. */
function isMeant(span: readonly (readonly string[])[], name: readonly string[]): boolean {
  const [first, ...others] = span
  if (first === undefined) return name.length === 0
  return first.some((word) => {
    const parts = word.split(' ')
    if (!parts.every((part) => name.includes(part))) return false
    return isMeant(
      others,
      name.filter((part) => !parts.includes(part)),
    )
  })
}
