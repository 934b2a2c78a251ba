import { isDay } from './calendar.ts'

/** Letters that are written in another way where they are not known, and that have no accent to lose. */
const letters: ReadonlyMap<string, string> = new Map([
  ['ß', 'ss'],
  ['ı', 'i'],
  ['ł', 'l'],
  ['ø', 'o'],
  ['đ', 'd'],
  ['ð', 'd'],
  ['þ', 'th'],
  ['æ', 'ae'],
  ['œ', 'oe'],
])

/** A text in lower case without accents, with one blank in the place of all other signs. */
export function folded(text: string): string {
  return text
    .normalize('NFKD')
    .replaceAll(/\p{M}+/gu, '')
    .toLowerCase()
    .replaceAll(/[ßıłøđðþæœ]/gu, (letter) => letters.get(letter) ?? letter)
    .replaceAll(/[^\p{L}\p{N}]+/gu, ' ')
    .trim()
}

const monthNames = 'jan feb mar apr may jun jul aug sep oct nov dec'.split(' ')

/**
 * Gives the day that a text is, as `YYYY-MM-DD`: ISO with any separator, `24 August 2012` or
 * `Aug 24, 2012`. Days such as `5/6/2012`, which some read one way and some the other, are none.
 */
export function dayIn(text: string): string | undefined {
  const parts = folded(text).split(' ')
  const [first = '', second = '', third = ''] = parts
  if (parts.length !== 3) return undefined
  const month = (name: string): string =>
    /^[a-z]{3,9}$/.test(name) ? String(monthNames.indexOf(name.slice(0, 3)) + 1) : ''
  const day = /^\d{4}$/.test(first)
    ? iso(first, second, third)
    : /^\d{4}$/.test(third)
      ? (iso(third, month(first), ordinal(second)) ?? iso(third, month(second), ordinal(first)))
      : undefined
  return day
}

function ordinal(text: string): string {
  return text.replace(/(\d)(?:st|nd|rd|th)$/, '$1')
}

function iso(year: string, month: string, day: string): string | undefined {
  if (!/^\d{1,2}$/.test(month) || !/^\d{1,2}$/.test(day)) return undefined
  const text = `${year}-${month.padStart(2, '0')}-${day.padStart(2, '0')}`
  return isDay(text) ? text : undefined
}

/** Letters to insert, delete, replace or swap with their neighbour. */
export function editDistance(left: string, right: string): number {
  let before: number[] = []
  let row = Array.from({ length: right.length + 1 }, (_, at) => at)
  for (let i = 1; i <= left.length; i++) {
    const next = [i]
    for (let j = 1; j <= right.length; j++) {
      const kept = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      const isSwap = i > 1 && j > 1 && left[i - 1] === right[j - 2] && left[i - 2] === right[j - 1]
      const swapped = isSwap ? (before[j - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY
      next.push(Math.min(kept, swapped, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    before = row
    row = next
  }
  return row[right.length] ?? 0
}
