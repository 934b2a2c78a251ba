import { addUnits, startOf, unitAround, type DayRange, type TimeUnit } from '../calendar.ts'
import {
  begins,
  numberOf,
  numberPattern,
  startsOf,
  unitPattern,
  type Asking,
  type Period,
  type PeriodReader,
} from './period.ts'

const maxCount = 5_000
const shifts: Readonly<Record<string, number>> = {
  'the day before yesterday': -2,
  yesterday: -1,
  today: 0,
  tomorrow: 1,
  'the day after tomorrow': 2,
}
const weekdays = 'sunday monday tuesday wednesday thursday friday saturday'.split(' ')
const toDate: Readonly<Record<string, TimeUnit>> = {
  ytd: 'year',
  qtd: 'quarter',
  mtd: 'month',
  wtd: 'week',
}

/** "Yesterday", "tomorrow". */
export const readDayWord: PeriodReader = (text, { today }) => {
  for (const [words, shift] of Object.entries(shifts)) {
    const found = begins(text, words.replace('the ', '(?:the )?'))
    if (found !== undefined)
      return { length: found[0].length, range: unitAround(today, 'day', shift) }
  }
  return undefined
}

/** "This month", "last fiscal year", "the week before last", "last full quarter". */
export const readUnit: PeriodReader = (text, asking) => {
  const beforeLast = begins(text, `(?:the )?${unitPattern} before last`)
  if (beforeLast !== undefined) return unitPeriod(beforeLast[0], beforeLast[1], -2, false, asking)
  const found = begins(
    text,
    `(?:the )?(this|current|last|past|previous|preceding|next|coming|upcoming)(?: (?:full|complete|whole|calendar))?( fiscal)? ${unitPattern.replace('s?', '')}`,
  )
  if (found === undefined) return undefined
  const [whole, which = '', fiscal, unit] = found
  const shift = /this|current/i.test(which) ? 0 : /next|coming/i.test(which) ? 1 : -1
  return unitPeriod(whole, unit, shift, fiscal !== undefined, asking)
}

function unitPeriod(
  text: string,
  name: string | undefined,
  shift: number,
  isFiscal: boolean,
  { today, fiscal }: Asking,
): Period {
  if (isFiscal && fiscal === undefined) return { length: text.length }
  const unit = unitOf(name)
  const calendar = startsOf(fiscal, isFiscal)
  return {
    length: text.length,
    range: unitAround(today, unit, shift, calendar),
    isYears: unit === 'year' && calendar.firstMonth === 1,
  }
}

/** "Year to date", "so far this month". */
export const readToDate: PeriodReader = (text, { today, fiscal }) => {
  const short = begins(text, Object.keys(toDate).join('|'))
  const long =
    begins(text, `(?:the )?(?:this |current )?(fiscal )?${unitPattern} to date`) ??
    begins(text, `so far (?:in )?this (fiscal )?${unitPattern}`) ??
    begins(text, `this (fiscal )?${unitPattern} so far`)
  const found = short ?? long
  if (found === undefined) return undefined
  const isFiscal = long?.[1] !== undefined
  if (isFiscal && fiscal === undefined) return { length: found[0].length }
  const unit = toDate[found[0].toLowerCase()] ?? unitOf(found[2])
  const start = startOf(today, unit, startsOf(fiscal, isFiscal))
  return { length: found[0].length, range: { start, end: addUnits(today, 1, 'day') } }
}

/** "Last 7 days" ends with today; "last 3 full months" are those before this one; "2 months ago" is one month. */
export const readCounted: PeriodReader = (text, asking) => {
  const { today, fiscal } = asking
  const ago = begins(text, `(${numberPattern}) ${unitPattern} ago`)
  const found =
    ago ??
    begins(
      text,
      `(?:the )?(last|past|previous|next|coming) (${numberPattern})( full| complete| whole| calendar)?( fiscal)? ${unitPattern}`,
    )
  if (found === undefined) return undefined
  const [whole, which = '', count = '', full, isFiscal, name] =
    ago === undefined ? found : [ago[0], 'ago', ago[1], undefined, undefined, ago[2]]
  const number = numberOf(count)
  const unit = unitOf(name)
  const isPossible = number >= 1 && number <= maxCount
  if (!isPossible || (isFiscal !== undefined && fiscal === undefined))
    return { length: whole.length }
  const calendar = startsOf(fiscal, isFiscal !== undefined)
  const isYears = unit === 'year' && calendar.firstMonth === 1
  if (ago !== undefined)
    return { length: whole.length, range: unitAround(today, unit, -number, calendar), isYears }
  const isNext = /next|coming/i.test(which)
  const isWhole = full !== undefined || isFiscal !== undefined
  const range = isWhole
    ? fullUnits(today, isNext ? number : -number, unit, calendar)
    : rolling(today, isNext ? number : -number, unit)
  return { length: whole.length, range, isYears: isYears && isWhole }
}

function rolling(today: string, count: number, unit: TimeUnit): DayRange {
  const after = addUnits(today, 1, 'day')
  return count < 0
    ? { start: addUnits(after, count, unit), end: after }
    : { start: after, end: addUnits(after, count, unit) }
}

function fullUnits(
  today: string,
  count: number,
  unit: TimeUnit,
  calendar: Parameters<typeof startOf>[2],
): DayRange {
  const start = startOf(today, unit, calendar)
  return count < 0
    ? { start: addUnits(start, count, unit), end: start }
    : { start: addUnits(start, 1, unit), end: addUnits(start, count + 1, unit) }
}

/** "Last Friday", "on Monday": the latest that has begun; "last" is never today. "Last weekend". */
export const readWeekday: PeriodReader = (text, { today }) => {
  const weekend = begins(text, '(this|last|next) weekend')
  if (weekend !== undefined) {
    const shift = { last: -1, this: 0, next: 1 }[weekend[1]?.toLowerCase() ?? ''] ?? 0
    const start = addUnits(addUnits(startOf(today, 'week'), 5, 'day'), shift, 'week')
    return { length: weekend[0].length, range: { start, end: addUnits(start, 2, 'day') } }
  }
  const found = begins(text, `(last |next |this )?(${weekdays.join('|')})`)
  if (found === undefined) return undefined
  const which = found[1]?.trim().toLowerCase()
  const length = found[0].length
  if (which === 'this') return { length }
  const weekday = weekdays.indexOf(found[2]?.toLowerCase() ?? '')
  const back = (new Date(`${today}T00:00:00Z`).getUTCDay() - weekday + 7) % 7
  const shift = which === 'next' ? 7 - back : which === 'last' && back === 0 ? -7 : -back
  return {
    length,
    range: unitAround(addUnits(today, shift, 'day'), 'day'),
    isBare: which === undefined,
  }
}

function unitOf(name: string | undefined): TimeUnit {
  const unit = name?.toLowerCase()
  return unit === 'week' || unit === 'month' || unit === 'quarter' || unit === 'year' ? unit : 'day'
}
