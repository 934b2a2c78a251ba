import { editDistance } from '../../entities/fold.ts'
import { wordsOf } from '../../schema/identifier.ts'
import { isAbbreviation } from '../../schema/ranking/similar.ts'

/** Words that many names have, and that say little. */
const light = new Set(['id', 'name', 'code', 'key', 'no', 'number', 'type', 'value', 'ref'])
/** Below this, two names are not alike. */
export const leastSimilarity = 0.6

/**
 * How alike two names are: 1 for the same name in another form or with a typing error, less when
 * only some of their words are the same. Words of the table that they belong to do not count.
 */
export function similarityOf(
  written: string,
  meant: string,
  owner: readonly string[] = [],
): number {
  if (isTypingError(written, meant)) return 1
  const [left, right] = [wordsOf(written), wordsOf(meant)]
  const own = (words: readonly string[]): readonly string[] => {
    const rest = words.filter((word) => !owner.includes(word))
    return rest.length > 0 ? rest : words
  }
  return Math.max(shareOf(left, right), shareOf(own(left), own(right)))
}

/** The words that two names share, twice, among all words of both. */
function shareOf(left: readonly string[], right: readonly string[]): number {
  const weight = (words: readonly string[]): number =>
    words.reduce((sum, word) => sum + (light.has(word) ? 0.5 : 1), 0)
  const shared = left.filter((word) => right.some((other) => isSameWord(word, other)))
  const whole = weight(left) + weight(right)
  return whole === 0 ? 0 : Math.min(0.99, (2 * weight(shared)) / whole)
}

function isSameWord(left: string, right: string): boolean {
  if (left === right || isAbbreviation(left, right) || isAbbreviation(right, left)) return true
  return left.length >= 5 && editDistance(left, right) <= 1
}

/** Whether one of four letters at the most differs, or only case, underscores and the plural do. */
export function isTypingError(written: string, meant: string): boolean {
  const form = (name: string): string =>
    name
      .toLowerCase()
      .replaceAll(/[^\p{L}\p{N}]/gu, '')
      .replace(/s$/, '')
  const [left, right] = [form(written), form(meant)]
  if (left === right) return left !== ''
  const digits = (name: string): string => name.replaceAll(/\D/g, '')
  if (digits(left) !== digits(right)) return false
  return editDistance(left, right) * 4 <= Math.max(left.length, right.length)
}

/** The best of some names, when none other is as good. */
export function bestOf<Value>(
  values: readonly Value[],
  similarity: (value: Value) => number,
  least = leastSimilarity,
): { readonly value: Value; readonly similarity: number } | undefined {
  const ranked = values
    .map((value) => ({ value, similarity: similarity(value) }))
    .filter((one) => one.similarity >= least)
    .toSorted((a, b) => b.similarity - a.similarity)
  const [first, second] = ranked
  return first === undefined || second?.similarity === first.similarity ? undefined : first
}
