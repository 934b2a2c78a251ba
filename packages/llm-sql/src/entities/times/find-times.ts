import type { FiscalCalendar } from '../../metadata/metadata.ts'
import type { Token } from '../../question/tokens.ts'
import type { DayRange, IsoDay } from '../calendar.ts'
import {
  readDayOfMonth,
  readFiscalYear,
  readIso,
  readMonth,
  readPart,
  readWeek,
  readYear,
} from './named.ts'
import type { Asking, Period, PeriodReader } from './period.ts'
import { readCounted, readDayWord, readToDate, readUnit, readWeekday } from './relative.ts'

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

/** Phrases of one kind before those that are parts of them. */
const readers: readonly PeriodReader[] = [
  readToDate,
  readDayWord,
  readIso,
  readDayOfMonth,
  readPart,
  readCounted,
  readFiscalYear,
  readWeek,
  readMonth,
  readUnit,
  readWeekday,
  readYear,
]

const openingPattern =
  /^(?:in|during|for|from|within|on|since|before|prior to|after|until|till|through|of|over|throughout|between|as of|starting (?:in|from|on)|up to)\s+(?:the\s+(?=week\s|month\s|(?:year\s+)?\d))?/iu
/** After these a bare number is rather no year: "a list of 2000". */
const weakOpenings = new Set(['', 'of', 'over', 'for', 'up to'])
const connective = /^\s*(?:to|until|till|through|and|-|–)\s+/iu

/**
 * Finds the phrases of a question that mean a time, and what they mean on the given day.
 *
 * "This" units are whole calendar units, "last month" is the whole one before, "last 7 days" ends
 * with today, "last 3 full months" with the month before. A month or day without a year is the
 * latest one that has begun. "Until" ends before what it names, "to" and "through" with it. A
 * fiscal calendar says where weeks begin, and years and quarters: all of them, or those that are
 * called fiscal; a bare number of a year is a calendar year. A phrase that cannot be a time, or
 * that some read one way and some the other (`5/6/2024`), is none.
 */
export function findTimes(
  question: string,
  tokens: readonly Token[],
  today: IsoDay,
  fiscal?: FiscalCalendar,
): readonly TimeMatch[] {
  const asking = { today, fiscal }
  const found: TimeMatch[] = []
  for (let at = 0; at < tokens.length; at++) {
    const start = tokens[at]?.start ?? 0
    if (tokens[at]?.kind === 'quoted') continue
    const phrase = phraseAt(question.slice(start), asking)
    if (phrase === undefined) continue
    const end = start + phrase.length
    let to = at + 1
    while (to < tokens.length && (tokens[to]?.start ?? end) < end) to += 1
    if (phrase.range !== undefined)
      found.push({ from: at, to, range: phrase.range, years: phrase.years })
    at = to - 1
  }
  return found
}

type Phrase = Pick<Period, 'length' | 'range'> & Pick<TimeMatch, 'years'>

/** An opening word, a period, and where two belong together the second one. */
function phraseAt(text: string, asking: Asking): Phrase | undefined {
  const opened = openingPattern.exec(text)?.[0] ?? ''
  const opening = opened
    .replace(/\s+the\s+$/iu, '')
    .trim()
    .toLowerCase()
  const day = opening === 'between' || opening === 'from' ? unclearDay(text) : undefined
  if (day !== undefined) return { length: day }
  const period = periodAt(text.slice(opened.length), asking)
  if (period === undefined) return undefined
  const length = opened.length + period.length
  const isWeak = weakOpenings.has(opening)
  const second = isPair(opening, period) ? secondOf(text.slice(length), opening, asking) : undefined
  if (second !== undefined) return pairOf(length, period, second, opening)
  if (opening === 'between' || (period.isBare === true && isWeak)) return undefined
  const { range, isYears } = period
  if (range === undefined) return { length }
  const onward = opening === 'from' ? /^\s+(?:on|onwards?)\b/iu.exec(text.slice(length)) : null
  if (onward !== null) return phrase(length + onward[0].length, { start: range.start }, isYears)
  return phrase(length, opened === '' ? range : applied(range, opening), isYears)
}

function isPair(opening: string, { isYears, isBare }: Period): boolean {
  const isNumbers = isYears === true && isBare === true
  return (
    opening === 'from' || (opening === 'between' && !isNumbers) || (opening === '' && !isNumbers)
  )
}

/** "Between 15 and 20 March" begins with a number that is half a day. */
function unclearDay(text: string): number | undefined {
  return /^(?:between|from)\s+\d{1,2}(?:st|nd|rd|th)?\s+(?:and|to)\s+\d{1,2}(?:st|nd|rd|th)?\s+(?:of\s+)?\p{L}{3,}(?:\s+\d{4})?/iu.exec(
    text,
  )?.[0].length
}

function secondOf(text: string, opening: string, asking: Asking): Period | undefined {
  const joined = connective.exec(text)?.[0]
  if (joined === undefined) return undefined
  const isAnd = /and/i.test(joined)
  if (isAnd !== (opening === 'between')) return undefined
  const period = periodAt(text.slice(joined.length), asking)
  return period === undefined ? undefined : { ...period, length: joined.length + period.length }
}

/** From the beginning of one period to the end of another; a year that only the second has is that of both. */
function pairOf(
  length: number,
  first: Period,
  second: Period,
  opening: string,
): Phrase | undefined {
  const end = second.range
  if (first.range === undefined || end?.start === undefined)
    return { length: length + second.length }
  const year = Number(end.start.slice(0, 4))
  const inYear = first.inYear?.(year)
  const start =
    first.inYear === undefined
      ? first.range.start
      : inYear?.start !== undefined && inYear.start <= end.start
        ? inYear.start
        : first.inYear(year - 1)?.start
  const isOrdered = start !== undefined && end.end !== undefined && start < end.end
  if (!isOrdered) return opening === '' ? undefined : { length: length + second.length }
  const isYears = first.isYears === true && second.isYears === true
  return phrase(length + second.length, { start, end: end.end }, isYears)
}

function periodAt(text: string, asking: Asking): Period | undefined {
  for (const read of readers) {
    const period = read(text, asking)
    if (period !== undefined) return period
  }
  return undefined
}

function applied({ start, end }: DayRange, opening: string): DayRange {
  switch (opening) {
    case 'before':
    case 'prior to':
    case 'until':
    case 'till':
      return { end: start }
    case 'through':
    case 'up to':
      return { end }
    case 'after':
      return { start: end }
    case 'since':
    case 'starting in':
    case 'starting from':
    case 'starting on':
      return { start }
    default:
      return { start, end }
  }
}

function phrase(length: number, range: DayRange, isYears: boolean | undefined): Phrase {
  const yearOf = (day: IsoDay | undefined): number | undefined =>
    day === undefined ? undefined : Number(day.slice(0, 4))
  const last = yearOf(range.end)
  return {
    length,
    range,
    years:
      isYears === true
        ? { first: yearOf(range.start), last: last === undefined ? undefined : last - 1 }
        : undefined,
  }
}
