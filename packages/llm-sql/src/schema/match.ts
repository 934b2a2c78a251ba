import { root } from '../question/stem.ts'
import type { Token } from '../question/tokens.ts'
import { matchShared } from './coordination.ts'
import { glue } from './identifier.ts'
import type { Lexicon, LexiconEntry } from './lexicon.ts'
import { matchSynonyms, type Thesaurus } from './thesaurus.ts'

/** Something in the schema that words of the question may mean. */
export interface SchemaCandidate {
  readonly entry: LexiconEntry
  /** 0 to 1: 1 for the whole name, less for a part, a form or a comment. */
  readonly strength: number
}

/** A run of tokens that may mean tables or columns, best first. */
export interface SchemaMatch {
  /** Index of the first token, and of the token after the last. */
  readonly from: number
  readonly to: number
  readonly candidates: readonly SchemaCandidate[]
}

const maxPhrase = 5
const weakest = 0.4

/**
 * Finds every run of tokens that may mean something in the schema; runs may overlap. A thesaurus is
 * asked about words that mean nothing in it.
 */
export function matchSchema(
  tokens: readonly Token[],
  lexicon: Lexicon,
  thesaurus?: Thesaurus,
): readonly SchemaMatch[] {
  const matches: SchemaMatch[] = []
  for (let from = 0; from < tokens.length; from++) {
    for (let to = from + 1; to <= Math.min(tokens.length, from + maxPhrase); to++) {
      const span = tokens.slice(from, to)
      if (span.some((token) => token.kind !== 'word' && token.kind !== 'number')) break
      if (glue.has(span[0]?.stem ?? '') || glue.has(span.at(-1)?.stem ?? '')) continue
      const candidates = candidatesFor(span, lexicon)
      if (candidates.length > 0) matches.push({ from, to, candidates })
    }
  }
  const found = [...matches, ...matchShared(tokens, (pair) => candidatesFor(pair, lexicon))]
  return thesaurus === undefined
    ? found
    : [...found, ...matchSynonyms(tokens, found, lexicon, thesaurus)]
}

function candidatesFor(span: readonly Token[], lexicon: Lexicon): readonly SchemaCandidate[] {
  const content = span.filter((token) => !glue.has(token.stem))
  const first = content[0]
  if (first === undefined) return []
  const entries = new Set([
    ...(lexicon.byWord.get(first.stem) ?? []),
    ...(lexicon.byWord.get(first.root) ?? []),
  ])
  const candidates: SchemaCandidate[] = []
  const joined = joinedForms(content)
  for (const word of joined) for (const entry of lexicon.byWord.get(word) ?? []) entries.add(entry)
  const stems = content.map((token) => token.stem)
  const roots = content.map((token) => token.root)
  for (const entry of entries) {
    const strength = Math.max(strengthOf(stems, roots, entry), strengthAsOne(joined, stems, entry))
    if (strength >= weakest) candidates.push({ entry, strength })
  }
  const best = Math.max(...candidates.map(({ strength }) => strength))
  return candidates
    .filter(({ strength }) => strength > best - 0.15)
    .toSorted((a, b) => b.strength - a.strength)
}

/** How well a name of one word meets several: "gas stations" for `gasstations`; or the reverse. */
function strengthAsOne(
  [whole, form]: readonly string[],
  stems: readonly string[],
  { words, shortWords, shortRoots }: LexiconEntry,
): number {
  if (words.length > 1 && stems.length === 1 && words.join('') === whole) return 1
  const [word, second] = shortWords
  if (stems.length < 2 || word === undefined || second !== undefined) return 0
  return whole === word ? 1 : form !== undefined && form === shortRoots[0] ? 0.8 : 0
}

/** Some words written as one: with the last in the singular, and as the root of that. */
function joinedForms(span: readonly Token[]): readonly string[] {
  if (span.length > 3) return []
  const start = span
    .slice(0, -1)
    .map(({ text }) => text.toLowerCase())
    .join('')
  const joined = `${start}${span.at(-1)?.stem ?? ''}`
  return joined.length < 6 ? [] : [joined, root(joined)]
}

function strengthOf(
  stems: readonly string[],
  roots: readonly string[],
  entry: LexiconEntry,
): number {
  if (isSame(stems, entry.words)) return 1
  if (isSame(stems, entry.shortWords)) return 0.95
  if (isSame(roots, entry.roots)) return 0.8
  if (isSame(roots, entry.shortRoots)) return 0.75
  const covered = stems.filter((word) => entry.words.includes(word)).length
  if (covered === stems.length) {
    const kept = Math.max(covered / entry.words.length, covered / entry.shortWords.length)
    return Math.min(0.7, 0.35 + 0.35 * Math.min(1, kept))
  }
  if (entry.commentWords.size > 0 && stems.every((word) => entry.commentWords.has(word))) {
    return Math.min(0.7, 0.45 + 0.3 * (stems.length / entry.commentWords.size))
  }
  return 0
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return (
    left.length === right.length &&
    left.every((word) => right.includes(word)) &&
    right.every((word) => left.includes(word))
  )
}
