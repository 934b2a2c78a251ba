import type { Expression } from '../dialect/tree.ts'
import { isConstant, largest, textOf } from './size.ts'

/** Functions that make rows out of numbers, of the engines' own. */
const generators: ReadonlySet<string> = new Set([
  'generate_series',
  'generateSeries',
  'numbers',
  'numbers_mt',
  'zeros',
  'range',
])

const day = 86_400

/** Seconds of the units of an interval, from the smallest up. */
const units: readonly (readonly [RegExp, number])[] = [
  [/^(us|usec|microsecond)s?$/, 1e-6],
  [/^(ms|msec|millisecond)s?$/, 1e-3],
  [/^(s|sec|second)s?$/, 1],
  [/^(m|min|minute)s?$/, 60],
  [/^(h|hr|hour)s?$/, 3600],
  [/^(d|day)s?$/, day],
  [/^(w|week)s?$/, 7 * day],
  [/^(mon|month)s?$/, 28 * day],
  [/^(y|yr|year)s?$/, 365 * day],
]

/** Whether a call makes rows by counting. */
export function isGenerator(name: string): boolean {
  return generators.has(name)
}

/** Whether all bounds of a generator are constants. */
export function hasConstantBounds(args: readonly Expression[]): boolean {
  return args.every(isConstant)
}

/** The rows that a generator plausibly makes. */
export function generatedRows([start, stop, step]: readonly Expression[]): number {
  if (start === undefined || stop === undefined) return largest(start ?? never)
  const seconds = secondsOf(step)
  if (seconds !== undefined) return 1 + periodOf(start, stop) / Math.max(seconds, 1e-9)
  const from = signed(start)
  const to = signed(stop)
  const by = step === undefined ? 1 : signed(step)
  const isKnown = from !== undefined && to !== undefined
  const distance = isKnown ? Math.max(0, to - from, from - to) : largest(start) + largest(stop)
  return 1 + distance / Math.max(1e-9, Math.abs(by ?? 1))
}

const never: Expression = { kind: 'literal', integer: 0, span: { start: 0, end: 0 } }

function signed(expression: Expression): number | undefined {
  if (expression.kind === 'cast') return signed(expression.operand)
  if (expression.kind === 'operator' && expression.operands.length === 1) {
    const [only = never] = expression.operands
    const value = signed(only)
    return expression.symbols[0] === '-' && value !== undefined ? -value : value
  }
  if (expression.kind !== 'literal') return undefined
  return expression.integer ?? (typeof expression.value === 'number' ? expression.value : undefined)
}

/** The length of a constant interval; nothing for a step that is a number. */
function secondsOf(step: Expression | undefined): number | undefined {
  const text = textOf(step)
  if (text === undefined) return undefined
  let seconds = 0
  for (const [, amount = '', unit = ''] of text.toLowerCase().matchAll(/([\d.]+)\s*([a-z]+)/g)) {
    const [, length = day] = units.find(([pattern]) => pattern.test(unit)) ?? []
    seconds += Number(amount) * length
  }
  const [, hours, minutes, rest] = /(\d+):(\d+)(?::([\d.]+))?/.exec(text) ?? []
  seconds += Number(hours ?? 0) * 3600 + Number(minutes ?? 0) * 60 + Number(rest ?? 0)
  return seconds > 0 ? seconds : /^[\d.\s+-]*$/.test(text) ? undefined : day
}

/** A period of which an end is not a constant is taken for a day. */
function periodOf(start: Expression, stop: Expression): number {
  const [from, to] = [start, stop].map((end) => Date.parse(textOf(end)?.replace(' ', 'T') ?? ''))
  const length = Math.abs(Number(to) - Number(from)) / 1000
  return Number.isNaN(length) ? day : length
}
