import { root } from '../question/stem.ts'
import type { Token } from '../question/tokens.ts'
import { matchShared } from './coordination.ts'
import { glue } from './identifier.ts'
import type { Lexicon, LexiconEntry } from './lexicon.ts'

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

/** Finds every run of tokens that may mean something in the schema; runs may overlap. */
export function matchSchema(tokens: readonly Token[], lexicon: Lexicon): readonly SchemaMatch[] {
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
  return [...matches, ...matchShared(tokens, (pair) => candidatesFor(pair, lexicon))]
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
  for (const entry of entries) {
    const strength = strengthOf(content, entry)
    if (strength >= weakest) candidates.push({ entry, strength })
  }
  const best = Math.max(...candidates.map(({ strength }) => strength))
  return candidates
    .filter(({ strength }) => strength > best - 0.15)
    .toSorted((a, b) => b.strength - a.strength)
}

function strengthOf(span: readonly Token[], entry: LexiconEntry): number {
  const stems = span.map((token) => token.stem)
  if (isSame(stems, entry.words)) return 1
  if (isSame(stems, entry.shortWords)) return 0.95
  const roots = span.map((token) => token.root)
  if (isSame(roots, entry.words.map(root))) return 0.8
  if (isSame(roots, entry.shortWords.map(root))) return 0.75
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
