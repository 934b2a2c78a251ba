import type { FiscalCalendar } from '../../metadata/metadata.ts'
import { plainCalendar, type CalendarStart, type DayRange, type IsoDay } from '../calendar.ts'

/** What a phrase is read with. */
export interface Asking {
  readonly today: IsoDay
  readonly fiscal: FiscalCalendar | undefined
}

/** A stretch of time that a phrase names; where it cannot be one, or may be several, it has no range. */
export interface Period {
  /** Length of the phrase, in JavaScript string units. */
  readonly length: number
  readonly range?: DayRange | undefined
  /** Whether it is called by calendar years: a column of years is compared with them. */
  readonly isYears?: boolean | undefined
  /** Set for a phrase without a year of its own: what it is in a given one. */
  readonly inYear?: ((year: number) => DayRange | undefined) | undefined
  /** Whether it needs a word such as "in" before it, because it may be something else. */
  readonly isBare?: boolean | undefined
}

/** Reads the phrase that a text begins with. */
export type PeriodReader = (text: string, asking: Asking) => Period | undefined

const numberWords = 'zero one two three four five six seven eight nine ten eleven twelve'.split(' ')

/** A number in digits, or a word from one to twelve. */
export const numberPattern = `(?:\\d{1,4}|${numberWords.slice(1).join('|')})`
/** A unit of time, in the singular or plural. */
export const unitPattern = '(day|week|month|quarter|year)s?'
/** The number of a year. */
export const yearPattern = '(?<![\\d-])((?:1[89]|2[01])\\d\\d)(?![\\d-]|[/.]\\d|s\\b)'

/** The number that a text of {@link numberPattern} is. */
export function numberOf(text: string): number {
  const word = numberWords.indexOf(text.toLowerCase())
  return word < 0 ? Number(text) : word
}

/** Where units begin; years and quarters that are not called fiscal may be calendar ones. */
export function startsOf(
  fiscal: FiscalCalendar | undefined,
  isCalledFiscal: boolean,
): CalendarStart {
  if (fiscal === undefined) return plainCalendar
  const { firstMonth, appliesTo = 'all', weekStartsOn = 'monday' } = fiscal
  return {
    firstMonth: isCalledFiscal || appliesTo === 'all' ? firstMonth : 1,
    firstWeekday: weekStartsOn === 'sunday' ? 0 : 1,
  }
}

/** The first day of a month. */
export function firstOf(year: number, month: number): IsoDay {
  return `${year}-${String(month).padStart(2, '0')}-01`
}

/** What a text begins with, apart from the case of letters. */
export function begins(text: string, pattern: string): RegExpExecArray | undefined {
  return new RegExp(`^(?:${pattern})(?![\\p{L}\\p{N}])`, 'iu').exec(text) ?? undefined
}
