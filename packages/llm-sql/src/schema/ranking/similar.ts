/** A set of terms that can be asked for those that are spelled like a word. */
export interface SimilarTerms {
  /** The most similar terms first, each with its similarity: 0 to 1. At most eight. */
  like(word: string): readonly (readonly [term: string, similarity: number])[]
}

const maxTerms = 8
/** Postings that are looked at for one letter group; a group that is more common says little. */
const maxPostings = 400
const leastSimilarity = 0.5

/**
 * Indexes terms by groups of three letters.
 *
 * Similar are: a typing error, a longer or shorter form, a word within a term written as one
 * ("station" in `gasstation`), and an abbreviation that keeps the first letter and the order of the
 * others (`acct` for "account").
 */
export function similarTerms(terms: Iterable<string>): SimilarTerms {
  const known = new Set(terms)
  const byGroup = new Map<string, string[]>()
  const byStart = new Map<string, string[]>()
  for (const term of known) {
    for (const group of groupsOf(term)) push(byGroup, group, term)
    if (term.length <= 6) push(byStart, term.slice(0, 1), term)
  }
  const remembered = new Map<string, readonly (readonly [string, number])[]>()

  return {
    like: (word) => {
      const before = remembered.get(word)
      if (before !== undefined) return before
      const found = new Map<string, number>()
      if (word.length >= 4) {
        for (const [term, shared] of sharing(word, byGroup)) {
          const similarity = similarityOf(word, term, shared)
          if (similarity >= leastSimilarity) found.set(term, similarity)
        }
        for (const term of (byStart.get(word.slice(0, 1)) ?? []).slice(0, maxPostings)) {
          if (isAbbreviation(term, word)) found.set(term, Math.max(found.get(term) ?? 0, 0.6))
        }
      }
      found.delete(word)
      const ranked = [...found]
        .toSorted(([a, left], [b, right]) => right - left || (a < b ? -1 : 1))
        .slice(0, maxTerms)
      if (remembered.size >= 5_000) remembered.clear()
      remembered.set(word, ranked)
      return ranked
    },
  }
}

function sharing(
  word: string,
  byGroup: ReadonlyMap<string, readonly string[]>,
): ReadonlyMap<string, number> {
  const shared = new Map<string, number>()
  for (const group of groupsOf(word)) {
    for (const term of (byGroup.get(group) ?? []).slice(0, maxPostings))
      shared.set(term, (shared.get(term) ?? 0) + 1)
  }
  return shared
}

function similarityOf(word: string, term: string, shared: number): number {
  const dice = (2 * shared) / (groupsOf(word).size + groupsOf(term).size)
  const isPart =
    word.length >= 4 && term.length > word.length && (term.startsWith(word) || term.endsWith(word))
  const isWhole =
    term.length >= 4 && word.length > term.length && (word.startsWith(term) || word.endsWith(term))
  return isPart || isWhole ? Math.max(dice, 0.65) : dice
}

/** Whether a short term keeps the first letter of a word and the order of the others: `qty`, `acct`. */
export function isAbbreviation(term: string, word: string): boolean {
  if (term.length < 2 || term.length * 4 > word.length * 3 || term[0] !== word[0]) return false
  if (word.startsWith(term)) return term.length >= 3
  if (term.length < 3 || /[aeiou]/.test(term.slice(1))) return false
  let at = 0
  for (const letter of word) if (letter === term[at]) at += 1
  return at === term.length
}

function groupsOf(word: string): ReadonlySet<string> {
  const padded = `^${word}$`
  const groups = new Set<string>()
  for (let at = 0; at + 3 <= padded.length; at++) groups.add(padded.slice(at, at + 3))
  return groups
}

function push(map: Map<string, string[]>, key: string, value: string): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
