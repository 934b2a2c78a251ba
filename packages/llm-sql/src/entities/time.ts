import type { Token } from '../question/tokens.ts'
import {
  addUnits,
  isDay,
  unitAround,
  type DayRange,
  type IsoDay,
  type TimeUnit,
} from './calendar.ts'

/** A run of tokens that means a time. */
export interface TimeMatch {
  readonly from: number
  readonly to: number
  readonly range: DayRange
  /** Set when the phrase names whole calendar years: a column of years is compared with them. */
  readonly years?:
    | { readonly first?: number | undefined; readonly last?: number | undefined }
    | undefined
}

const units: ReadonlyMap<string, TimeUnit> = new Map([
  ['day', 'day'],
  ['week', 'week'],
  ['month', 'month'],
  ['quarter', 'quarter'],
  ['year', 'year'],
])
const months = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
]
const openings = new Set([
  'in',
  'during',
  'for',
  'from',
  'within',
  'on',
  'since',
  'before',
  'after',
  'until',
  'of',
  'over',
  'throughout',
])
const endsBefore = new Set(['before', 'until'])

interface Body {
  readonly length: number
  readonly range: DayRange
  readonly year?: number | undefined
}

/**
 * Finds the phrases of a question that mean a time, and what they mean on the given day.
 *
 * "This" units are whole calendar units, "last month" is the whole one before, "last 7 days" ends
 * with today. A month without a year is the latest one that has begun.
 */
export function findTimes(
  question: string,
  tokens: readonly Token[],
  today: IsoDay,
): readonly TimeMatch[] {
  const found: TimeMatch[] = []
  for (let at = 0; at < tokens.length; at++) {
    const hasOpening = openings.has(tokens[at]?.stem ?? '')
    const opening = hasOpening ? (tokens[at]?.stem ?? '') : ''
    let bodyAt = hasOpening ? at + 1 : at
    if (hasOpening && tokens[bodyAt]?.stem === 'the') bodyAt += 1
    const body = bodyOf(question, tokens, bodyAt, today, opening)
    if (body === undefined) continue
    const to = bodyAt + body.length
    found.push({ from: at, to, ...applied(body, opening) })
    at = to - 1
  }
  return found
}

function applied(body: Body, opening: string): Pick<TimeMatch, 'range' | 'years'> {
  const { range, year } = body
  if (endsBefore.has(opening)) {
    return {
      range: { end: range.start },
      years: year === undefined ? undefined : { last: year - 1 },
    }
  }
  if (opening === 'after') {
    return {
      range: { start: range.end },
      years: year === undefined ? undefined : { first: year + 1 },
    }
  }
  if (opening === 'since') {
    return {
      range: { start: range.start },
      years: year === undefined ? undefined : { first: year },
    }
  }
  return { range, years: year === undefined ? undefined : { first: year, last: year } }
}

function bodyOf(
  question: string,
  tokens: readonly Token[],
  at: number,
  today: IsoDay,
  opening: string,
): Body | undefined {
  const [first, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  if (first === undefined) return undefined
  const word = first.stem
  if (word === 'today') return { length: 1, range: unitAround(today, 'day') }
  if (word === 'yesterday') return { length: 1, range: unitAround(today, 'day', -1) }
  const day = third === undefined ? '' : question.slice(first.start, third.end)
  if (isDay(day)) return { length: 3, range: unitAround(day, 'day') }
  return (
    relative(word, second, third, today) ??
    monthOf(first, second, today, opening) ??
    yearOf(first, second, third, opening)
  )
}

function relative(
  word: string,
  second: Token | undefined,
  third: Token | undefined,
  today: IsoDay,
): Body | undefined {
  const isThis = word === 'this' || word === 'current'
  const isLast = word === 'last' || word === 'past' || word === 'previous'
  if (!isThis && !isLast) return undefined
  const unit = units.get(second?.stem ?? '')
  if (unit !== undefined) {
    const range = unitAround(today, unit, isThis ? 0 : -1)
    const year = unit === 'year' ? Number(range.start?.slice(0, 4)) : undefined
    return { length: 2, range, year }
  }
  const count = second?.number
  const counted = units.get(third?.stem ?? '')
  if (!isLast || count === undefined || counted === undefined) return undefined
  if (!Number.isInteger(count) || count < 1 || count > 5_000) return undefined
  const end = addUnits(today, 1, 'day')
  return { length: 3, range: { start: addUnits(end, -count, counted), end } }
}

function monthOf(
  first: Token,
  second: Token | undefined,
  today: IsoDay,
  opening: string,
): Body | undefined {
  const quarter = /^q([1-4])$/.exec(first.text.toLowerCase())?.[1]
  const month = months.indexOf(first.text.toLowerCase())
  if (quarter === undefined && month < 0) return undefined
  const hasYear = isYear(second)
  if (first.text === 'may' && !hasYear && opening === '') return undefined
  const number = quarter === undefined ? month + 1 : (Number(quarter) - 1) * 3 + 1
  const named = (year: number): IsoDay => `${year}-${String(number).padStart(2, '0')}-01`
  const thisYear = Number(today.slice(0, 4))
  const year = hasYear
    ? (second?.number ?? thisYear)
    : named(thisYear) <= today
      ? thisYear
      : thisYear - 1
  const unit = quarter === undefined ? 'month' : 'quarter'
  return { length: hasYear ? 2 : 1, range: unitAround(named(year), unit) }
}

function yearOf(
  first: Token,
  second: Token | undefined,
  third: Token | undefined,
  opening: string,
): Body | undefined {
  if (first.stem === 'year' && isYear(second)) return yearBody(second?.number ?? 0, 2)
  if (first.stem === 'year' && second?.stem === 'of' && isYear(third)) {
    return yearBody(third?.number ?? 0, 3)
  }
  if (
    !isYear(first) ||
    opening === '' ||
    opening === 'of' ||
    opening === 'over' ||
    opening === 'for'
  )
    return undefined
  return yearBody(first.number ?? 0, 1)
}

function yearBody(year: number, length: number): Body {
  return { length, year, range: unitAround(`${year}-01-01`, 'year') }
}

function isYear(token: Token | undefined): boolean {
  return token !== undefined && /^(?:1[89]|2[01])\d\d$/.test(token.text)
}
