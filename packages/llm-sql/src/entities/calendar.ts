/** A day as `YYYY-MM-DD`. */
export type IsoDay = string

/** Units of time that a question can name. */
export type TimeUnit = 'day' | 'week' | 'month' | 'quarter' | 'year'

/** From `start` on and before `end`; a side that is absent is open. */
export interface DayRange {
  readonly start?: IsoDay | undefined
  readonly end?: IsoDay | undefined
}

/** Gives the day that a clock on the wall of this process's time zone shows. */
export function dayOf(date: Date): IsoDay {
  return format(new Date(Date.UTC(date.getFullYear(), date.getMonth(), date.getDate())))
}

/** Moves a day by so many units; the day of the month is cut to the length of the month. */
export function addUnits(day: IsoDay, count: number, unit: TimeUnit): IsoDay {
  const date = parse(day)
  if (unit === 'day' || unit === 'week') {
    date.setUTCDate(date.getUTCDate() + count * (unit === 'week' ? 7 : 1))
    return format(date)
  }
  const months = count * (unit === 'month' ? 1 : unit === 'quarter' ? 3 : 12)
  const dayOfMonth = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + months)
  const length = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(dayOfMonth, length))
  return format(date)
}

/** Where years, and with them quarters, and weeks begin. */
export interface CalendarStart {
  /** 1 to 12; a year begins on the first day of this month. */
  readonly firstMonth: number
  /** 0 for Sunday, 1 for Monday. */
  readonly firstWeekday: 0 | 1
}

/** Years begin in January, weeks on Monday. */
export const plainCalendar: CalendarStart = { firstMonth: 1, firstWeekday: 1 }

/** The first day of the unit that a day lies in. */
export function startOf(day: IsoDay, unit: TimeUnit, calendar = plainCalendar): IsoDay {
  const { firstMonth, firstWeekday } = calendar
  const date = parse(day)
  if (unit === 'week')
    date.setUTCDate(date.getUTCDate() - ((date.getUTCDay() - firstWeekday + 7) % 7))
  if (unit === 'month' || unit === 'quarter' || unit === 'year') date.setUTCDate(1)
  const monthOfYear = (date.getUTCMonth() - (firstMonth - 1) + 12) % 12
  if (unit === 'quarter') date.setUTCMonth(date.getUTCMonth() - (monthOfYear % 3))
  if (unit === 'year') date.setUTCMonth(date.getUTCMonth() - monthOfYear)
  return format(date)
}

/** The whole unit that a day lies in, moved by so many units. */
export function unitAround(
  day: IsoDay,
  unit: TimeUnit,
  shift = 0,
  calendar = plainCalendar,
): DayRange {
  const start = addUnits(startOf(day, unit, calendar), shift, unit)
  return { start, end: addUnits(start, 1, unit) }
}

/** Whether the text is a day that exists. */
export function isDay(text: string): boolean {
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(Date.parse(text)) &&
    format(parse(text)) === text
  )
}

function parse(day: IsoDay): Date {
  return new Date(`${day}T00:00:00Z`)
}

function format(date: Date): IsoDay {
  return date.toISOString().slice(0, 10)
}
