import { editDistance } from '../../entities/fold.ts'
import { wordsOf } from '../../schema/identifier.ts'
import { isAbbreviation } from '../../schema/ranking/similar.ts'

/** Words that many names have, and that say little. */
const light = new Set(['id', 'name', 'code', 'key', 'no', 'number', 'type', 'value', 'ref'])
/** Whether a name says more than what many tables have. */
export function isDistinct(name: string): boolean {
  return wordsOf(name).some((word) => !light.has(word))
}

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

/**
 * Whether one of four letters of a word differs at the most, or only case, underscores and the plural
 * do. `city_name` and `city_code` are two names, although few letters differ.
 */
export function isTypingError(written: string, meant: string): boolean {
  const [left, right] = [formOf(written), formOf(meant)]
  if (left === right) return left !== ''
  const digits = (name: string): string => name.replaceAll(/\D/g, '')
  if (digits(left) !== digits(right) || !isOneOff(left, right)) return false
  const [words, others] = [wordsOf(written), wordsOf(meant)]
  if (words.length !== others.length) return editDistance(left, right) <= 1
  return words.every((word, at) => word === others[at] || isOneOff(word, others[at] ?? ''))
}

/** Whether two names are one, but for case, underscores and the plural. */
export function isSameForm(written: string, meant: string): boolean {
  return formOf(written) === formOf(meant)
}

function formOf(name: string): string {
  return name
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}]/gu, '')
    .replace(/s$/, '')
}

function isOneOff(left: string, right: string): boolean {
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
