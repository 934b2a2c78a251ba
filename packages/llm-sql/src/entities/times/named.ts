import { addUnits, isDay, startOf, unitAround, type DayRange, type IsoDay } from '../calendar.ts'
import {
  begins,
  firstOf,
  startsOf,
  yearPattern,
  type Asking,
  type Period,
  type PeriodReader,
} from './period.ts'

const months =
  'january february march april may june july august september october november december'.split(' ')
const monthPattern = `(${months.map((name) => `${name}|${name.slice(0, 3)}\\.?`).join('|')}|sept\\.?)`
const dayPattern = '(?:the )?(\\d{1,2})(?:st|nd|rd|th)?'
const relativeYear = '(this|last|next) year'
const someYear = `(?:,? (?:of |in )?(?:the year )?|/)(?:${yearPattern}|${relativeYear})`

/** "2024-05-01", "2024-05", and days that do not exist or that some read one way and some the other. */
export const readIso: PeriodReader = (text) => {
  const day = begins(text, '\\d{4}-\\d{2}-\\d{2}')?.[0]
  if (day !== undefined)
    return { length: day.length, range: isDay(day) ? unitAround(day, 'day') : undefined }
  const month = begins(text, '(\\d{4})-(0[1-9]|1[0-2])')
  if (month !== undefined)
    return { length: month[0].length, range: unitAround(`${month[0]}-01`, 'month') }
  const unclear = begins(text, '\\d{1,2}[/.]\\d{1,2}[/.]\\d{2,4}|\\d{4}\\s?[-–]\\s?\\d{2,4}')
  return unclear === undefined ? undefined : { length: unclear[0].length }
}

/** "March 3rd, 2024", "the 3rd of March", "Feb 29, 2024". */
export const readDayOfMonth: PeriodReader = (text, asking) => {
  const after = begins(text, `${monthPattern} ${dayPattern}(?:${someYear})?`)
  const before = begins(text, `${dayPattern}(?: of)? ${monthPattern}(?:${someYear})?`)
  const found = after ?? before
  if (found === undefined) return undefined
  const [name, number] = after === undefined ? [found[2], found[1]] : [found[1], found[2]]
  const month = monthOf(name)
  const inYear = (year: number): DayRange | undefined => {
    const day = `${firstOf(year, month).slice(0, 8)}${String(number).padStart(2, '0')}`
    return isDay(day) ? unitAround(day, 'day') : undefined
  }
  return withYear(found[0].length, found[3], found[4], inYear, asking)
}

/** "March 2022", "March last year", "last March", "March". */
export const readMonth: PeriodReader = (text, asking) => {
  const found = begins(text, `(last |this |next )?${monthPattern}(?:${someYear})?`)
  if (found === undefined) return undefined
  const [whole, which, name = '', year, relative] = found
  const inYear = (one: number): DayRange => unitAround(firstOf(one, monthOf(name)), 'month')
  const length = whole.length
  const thisYear = Number(asking.today.slice(0, 4))
  if (which !== undefined && (year ?? relative) === undefined) {
    if (/this/i.test(which)) return { length, range: inYear(thisYear) }
    const next = [thisYear, thisYear + 1].map(inYear).find(({ start = '' }) => start > asking.today)
    if (/next/i.test(which)) return { length, range: next }
  }
  const period = withYear(length, year, relative, inYear, asking)
  const isName = months.includes(name.toLowerCase())
  const isVerb = name === 'may' || name === 'march'
  const isAlone = which === undefined && (year ?? relative) === undefined
  return { ...period, isBare: isAlone && (!isName || isVerb) }
}

/** A period that has its year, or else is the latest one that has begun. */
function withYear(
  length: number,
  year: string | undefined,
  relative: string | undefined,
  inYear: (year: number) => DayRange | undefined,
  { today }: Asking,
): Period {
  const thisYear = Number(today.slice(0, 4))
  if (year !== undefined) return { length, range: inYear(Number(year)) }
  if (relative !== undefined) return { length, range: inYear(thisYear + shiftOf(relative)) }
  const candidates = [thisYear, thisYear - 1, thisYear - 2, thisYear - 3, thisYear - 4]
  const range = candidates.map(inYear).find((one) => one?.start !== undefined && one.start <= today)
  return { length, range, inYear }
}

function shiftOf(relative: string): number {
  return { last: -1, next: 1 }[relative.toLowerCase()] ?? 0
}

function monthOf(name: string | undefined): number {
  const start = name?.slice(0, 3).toLowerCase() ?? ''
  return months.findIndex((month) => month.startsWith(start)) + 1
}

const ordinals = ['first|1st', 'second|2nd', 'third|3rd', 'fourth|4th|last|final']

/** "Q3 2023", "2023 Q4", "the first quarter of last year", "H1 2023", "the second half of 2023". */
export const readPart: PeriodReader = (text, asking) => {
  const written = begins(text, `(?:fiscal )?(q[1-4]|h[12])(?:-|${someYear})?(?:${yearPattern})?`)
  const turned = begins(
    text,
    `${yearPattern.replace('(?![\\d-]|[/.]\\d|s\\b)', '')}[ -]?(q[1-4]|h[12])`,
  )
  const said = begins(text, `(?:the )?(${ordinals.join('|')}) (quarter|half)(?:${someYear})?`)
  if (turned !== undefined)
    return part(turned[0].length, turned[2] ?? '', turned[1], undefined, asking)
  if (written !== undefined)
    return part(written[0].length, written[1] ?? '', written[2] ?? written[4], written[3], asking)
  if (said === undefined) return undefined
  const [whole, which = '', unit = '', year, relative] = said
  const at = ordinals.findIndex((one) => one.split('|').includes(which.toLowerCase())) + 1
  const isHalf = unit.toLowerCase() === 'half'
  const isLast = /last|final/i.test(which)
  if (isLast && (year ?? relative) === undefined) return undefined
  if (isHalf && at > 2 && !isLast) return { length: whole.length }
  const code = isHalf ? `h${isLast ? 2 : at}` : `q${at}`
  return part(whole.length, code, year, relative, asking)
}

function part(
  length: number,
  code: string,
  year: string | undefined,
  relative: string | undefined,
  { today, fiscal }: Asking,
): Period {
  const number = Number(code.slice(1)) - 1
  const unit = code.toLowerCase().startsWith('q') ? 1 : 2
  const calendar = startsOf(fiscal, false)
  const within = (start: IsoDay): DayRange => {
    const from = addUnits(start, number * unit, 'quarter')
    return { start: from, end: addUnits(from, unit, 'quarter') }
  }
  if (year !== undefined)
    return { length, range: within(startOfYear(Number(year), calendar.firstMonth, fiscal)) }
  const thisYear = startOf(today, 'year', calendar)
  if (relative !== undefined)
    return { length, range: within(addUnits(thisYear, shiftOf(relative), 'year')) }
  const range = [0, -1]
    .map((shift) => within(addUnits(thisYear, shift, 'year')))
    .find(({ start = '' }) => start <= today)
  return { length, range }
}

function startOfYear(year: number, firstMonth: number, fiscal: Asking['fiscal']): IsoDay {
  const isEarlier = firstMonth > 1 && (fiscal?.yearNamedAfter ?? 'end') === 'end'
  return firstOf(isEarlier ? year - 1 : year, firstMonth)
}

/** "Fiscal year 2024", "FY2024", "FY 24"; without a calendar of such years nothing is known of them. */
export const readFiscalYear: PeriodReader = (text, { fiscal }) => {
  const found = begins(text, '(?:the )?(?:fiscal year|fy)[ -]?(\\d{4}|\\d{2})')
  if (found === undefined) return undefined
  if (fiscal === undefined) return { length: found[0].length }
  const year = Number(found[1]?.length === 2 ? `20${found[1]}` : found[1])
  const start = startOfYear(year, fiscal.firstMonth, fiscal)
  return { length: found[0].length, range: { start, end: addUnits(start, 1, 'year') } }
}

/** "Week 20", "calendar week 1 of 2024": weeks of ISO 8601, where weeks begin on Monday. */
export const readWeek: PeriodReader = (text, { today, fiscal }) => {
  const found = begins(text, `(?:the )?(?:calendar )?week (\\d{1,2})(?:${someYear})?`)
  if (found === undefined) return undefined
  const length = found[0].length
  if (startsOf(fiscal, false).firstWeekday !== 1) return { length }
  const number = Number(found[1])
  const inYear = (year: number): DayRange | undefined => {
    const start = addUnits(startOf(`${year}-01-04`, 'week'), number - 1, 'week')
    const next = startOf(`${year + 1}-01-04`, 'week')
    return number < 1 || start >= next ? undefined : unitAround(start, 'week')
  }
  return withYear(length, found[2], found[3], inYear, { today, fiscal })
}

/** "The year 2023", "the 1990s", and a year alone behind a word such as "in". */
export const readYear: PeriodReader = (text) => {
  const decade = begins(text, '(?:the )?((?:1[89]|20)\\d)0s')
  if (decade !== undefined) {
    const start = `${decade[1]}0-01-01`
    return {
      length: decade[0].length,
      range: { start, end: addUnits(start, 10, 'year') },
      isYears: true,
    }
  }
  const found = begins(text, `((?:the )?year (?:of )?)?${yearPattern}`)
  if (found === undefined) return undefined
  const range = unitAround(`${found[2]}-01-01`, 'year')
  return { length: found[0].length, range, isYears: true, isBare: found[1] === undefined }
}
