import type { Token } from '../question/tokens.ts'
import type { FiscalCalendar } from '../metadata/metadata.ts'
import {
  addUnits,
  isDay,
  plainCalendar,
  unitAround,
  type CalendarStart,
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
 * with today. A month without a year is the latest one that has begun. A fiscal calendar says where
 * weeks begin, and years and quarters: all of them, or those that are called fiscal; a bare number
 * of a year is a calendar year.
 */
export function findTimes(
  question: string,
  tokens: readonly Token[],
  today: IsoDay,
  fiscal?: FiscalCalendar,
): readonly TimeMatch[] {
  const found: TimeMatch[] = []
  for (let at = 0; at < tokens.length; at++) {
    const hasOpening = openings.has(tokens[at]?.stem ?? '')
    const opening = hasOpening ? (tokens[at]?.stem ?? '') : ''
    let bodyAt = hasOpening ? at + 1 : at
    if (hasOpening && tokens[bodyAt]?.stem === 'the') bodyAt += 1
    const body = bodyOf(question, tokens, bodyAt, { today, opening, fiscal })
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

interface Asking {
  readonly today: IsoDay
  /** The word before the phrase. */
  readonly opening: string
  readonly fiscal: FiscalCalendar | undefined
}

function bodyOf(
  question: string,
  tokens: readonly Token[],
  at: number,
  asking: Asking,
): Body | undefined {
  const { today, opening, fiscal } = asking
  const [first, second, third] = [tokens[at], tokens[at + 1], tokens[at + 2]]
  if (first === undefined) return undefined
  const word = first.stem
  if (word === 'today') return { length: 1, range: unitAround(today, 'day') }
  if (word === 'yesterday') return { length: 1, range: unitAround(today, 'day', -1) }
  const day = third === undefined ? '' : question.slice(first.start, third.end)
  if (isDay(day)) return { length: 3, range: unitAround(day, 'day') }
  return (
    relative(word, second, third, asking) ??
    (fiscal === undefined ? undefined : fiscalYearOf(first, second, third, fiscal)) ??
    quarterOf(first, second, asking) ??
    monthOf(first, second, today, opening) ??
    yearOf(first, second, third, opening)
  )
}

function relative(
  word: string,
  second: Token | undefined,
  third: Token | undefined,
  { today, fiscal }: Asking,
): Body | undefined {
  const isThis = word === 'this' || word === 'current'
  const isLast = word === 'last' || word === 'past' || word === 'previous'
  if (!isThis && !isLast) return undefined
  const isFiscal = second?.stem === 'fiscal'
  if (isFiscal && fiscal === undefined) return undefined
  const unit = units.get((isFiscal ? third : second)?.stem ?? '')
  if (unit !== undefined) {
    const calendar = startsOf(fiscal, isFiscal)
    const range = unitAround(today, unit, isThis ? 0 : -1, calendar)
    const isWhole = unit === 'year' && calendar.firstMonth === 1
    const year = isWhole ? Number(range.start?.slice(0, 4)) : undefined
    return { length: isFiscal ? 3 : 2, range, year }
  }
  const count = second?.number
  const counted = units.get(third?.stem ?? '')
  if (!isLast || count === undefined || counted === undefined) return undefined
  if (!Number.isInteger(count) || count < 1 || count > 5_000) return undefined
  const end = addUnits(today, 1, 'day')
  return { length: 3, range: { start: addUnits(end, -count, counted), end } }
}

/** Where units begin; years and quarters that are not called fiscal may be calendar ones. */
function startsOf(fiscal: FiscalCalendar | undefined, isCalledFiscal: boolean): CalendarStart {
  if (fiscal === undefined) return plainCalendar
  const { firstMonth, appliesTo = 'all', weekStartsOn = 'monday' } = fiscal
  return {
    firstMonth: isCalledFiscal || appliesTo === 'all' ? firstMonth : 1,
    firstWeekday: weekStartsOn === 'sunday' ? 0 : 1,
  }
}

/** "Fiscal year 2024" and "FY2024". */
function fiscalYearOf(
  first: Token,
  second: Token | undefined,
  third: Token | undefined,
  fiscal: FiscalCalendar,
): Body | undefined {
  const written = /^fy(?<year>\d{4})$/.exec(first.text.toLowerCase())?.groups?.['year']
  if (written !== undefined) return { length: 1, range: fiscalYear(Number(written), fiscal) }
  const isShort = first.text.toLowerCase() === 'fy'
  const number = isShort ? second : third
  if (!isShort && (first.stem !== 'fiscal' || second?.stem !== 'year')) return undefined
  if (!isYear(number)) return undefined
  return { length: isShort ? 2 : 3, range: fiscalYear(number?.number ?? 0, fiscal) }
}

function fiscalYear(year: number, fiscal: FiscalCalendar): DayRange {
  const { firstMonth, yearNamedAfter = 'end' } = fiscal
  const startsIn = firstMonth > 1 && yearNamedAfter === 'end' ? year - 1 : year
  return unitAround(firstOf(startsIn, firstMonth), 'year', 0, startsOf(fiscal, true))
}

/** "Q3" and "Q3 2024"; without a year the latest one that has begun. */
function quarterOf(
  first: Token,
  second: Token | undefined,
  { today, fiscal }: Asking,
): Body | undefined {
  const quarter = /^q([1-4])$/.exec(first.text.toLowerCase())?.[1]
  if (quarter === undefined) return undefined
  const isFiscal = fiscal !== undefined && startsOf(fiscal, false).firstMonth !== 1
  const hasYear = isYear(second)
  const inYear = (year: number): DayRange => {
    const start = isFiscal ? fiscalYear(year, fiscal).start : firstOf(year, 1)
    const from = addUnits(start ?? firstOf(year, 1), Number(quarter) - 1, 'quarter')
    return { start: from, end: addUnits(from, 1, 'quarter') }
  }
  const thisYear = Number(today.slice(0, 4))
  const latest = [thisYear + 1, thisYear, thisYear - 1, thisYear - 2]
    .map(inYear)
    .find(({ start }) => start !== undefined && start <= today)
  const range = hasYear ? inYear(second?.number ?? thisYear) : latest
  return range === undefined ? undefined : { length: hasYear ? 2 : 1, range }
}

function monthOf(
  first: Token,
  second: Token | undefined,
  today: IsoDay,
  opening: string,
): Body | undefined {
  const month = months.indexOf(first.text.toLowerCase()) + 1
  if (month === 0) return undefined
  const hasYear = isYear(second)
  if (first.text === 'may' && !hasYear && opening === '') return undefined
  const thisYear = Number(today.slice(0, 4))
  const year = hasYear
    ? (second?.number ?? thisYear)
    : firstOf(thisYear, month) <= today
      ? thisYear
      : thisYear - 1
  return { length: hasYear ? 2 : 1, range: unitAround(firstOf(year, month), 'month') }
}

function firstOf(year: number, month: number): IsoDay {
  return `${year}-${String(month).padStart(2, '0')}-01`
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
