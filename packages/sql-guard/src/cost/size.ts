import type { Expression } from '../dialect/tree.ts'

/** What a number that comes out of data is taken for. */
const fromData = 10

/**
 * The largest number that an expression plausibly gives. Constants are worked out, upwards where
 * the tree does not say how they are combined; a value that comes out of data counts as ten.
 */
export function largest(expression: Expression): number {
  switch (expression.kind) {
    case 'literal':
      return Math.abs(constant(expression.integer ?? expression.value))
    case 'cast':
      return largest(expression.operand)
    case 'operator':
      return combined(expression.symbols, expression.operands)
    case 'call':
      return expression.args.reduce((most, each) => Math.max(most, largest(each)), fromData)
    case 'query':
    case 'column':
    case 'star':
    case 'parameter':
    case 'field':
      return fromData
  }
}

/** The bytes of a text that an expression builds, apart from those that come out of data. */
export function builtBytes(expression: Expression): number {
  switch (expression.kind) {
    case 'literal':
      return typeof expression.value === 'string' ? expression.value.length : 1
    case 'cast':
    case 'field':
      return builtBytes(expression.operand)
    case 'operator':
      return most(expression.operands.map(builtBytes))
    case 'call':
      return callBytes(expression.name, expression.args) ?? most(expression.args.map(builtBytes))
    case 'query':
    case 'column':
    case 'star':
    case 'parameter':
      return 1
  }
}

/** The bytes that a call builds; nothing where its answer is about as long as what it is given. */
export function callBytes(name: string, args: readonly Expression[]): number | undefined {
  const [first, second, third] = args
  if (first === undefined) return undefined
  switch (name) {
    case 'repeat':
      return second === undefined ? undefined : builtBytes(first) * largest(second)
    case 'replace': {
      if (second === undefined || third === undefined) return undefined
      const growth = Math.max(1, builtBytes(third) / Math.max(1, builtBytes(second)))
      return builtBytes(first) * growth
    }
    case 'arrayWithConstant':
      return second === undefined ? undefined : largest(first) * builtBytes(second)
    case 'leftPad':
    case 'leftPadUTF8':
    case 'rightPad':
    case 'rightPadUTF8':
    case 'regexp_replace':
      return third === undefined ? undefined : builtBytes(first) * builtBytes(third)
    case 'array_to_string':
      return second === undefined ? undefined : builtBytes(first) * builtBytes(second)
    // What MySQL pads to a length that its type names.
    case 'cast':
    case 'convert':
    case 'weight_string':
      return second === undefined ? undefined : largest(second)
    case 'lpad':
    case 'rpad':
      return second === undefined ? undefined : Math.max(builtBytes(first), largest(second))
    case 'space':
    case 'zeroblob':
    case 'randomblob':
      return largest(first)
    case 'array_fill':
      return second === undefined ? undefined : product(numbersIn(second))
    case 'printf':
    case 'format':
    case 'sformat':
      return formatBytes(first, args.slice(1))
    default:
      return undefined
  }
}

/** Whether a call takes a format that is not a constant, so that it may hold any width. */
export function hasComputedFormat(name: string, [format]: readonly Expression[]): boolean {
  if (format === undefined || !formatting.has(name) || format.kind === 'parameter') return false
  const isQuoted = format.kind === 'column' && format.asString !== undefined
  return format.kind !== 'literal' && !isQuoted && textOf(format) === undefined
}

const formatting: ReadonlySet<string> = new Set(['printf', 'format', 'sformat'])

function formatBytes(format: Expression, args: readonly Expression[]): number {
  const text = (format.kind === 'column' ? format.asString : textOf(format)) ?? ''
  const widths = [...text.matchAll(/\d+/g)].map(([digits]) => Number(digits))
  const given = /[*{]/.test(text) ? args.map(largest) : []
  return sum([text.length, ...widths, ...given, ...args.map(builtBytes)])
}

function combined(symbols: readonly string[], operands: readonly Expression[]): number {
  const values = operands.map(largest)
  const [left = 1, right] = values
  switch (symbols[0]) {
    case '+':
    case '-':
      return values.reduce((sum, each) => sum + each, 0)
    case '/':
      return left
    case '^':
      return left ** (right ?? 1)
    case '<<':
      return left * 2 ** (right ?? 0)
    case '*':
      return product(values)
    default:
      return operands.every(isConstant) ? product(values) : most(values)
  }
}

/** Whether an expression reads nothing. */
export function isConstant(expression: Expression): boolean {
  switch (expression.kind) {
    case 'literal':
      return true
    case 'cast':
      return isConstant(expression.operand)
    case 'operator':
      return expression.operands.every(isConstant)
    default:
      return false
  }
}

function numbersIn(expression: Expression): readonly number[] {
  return expression.kind === 'operator'
    ? expression.operands.flatMap(numbersIn)
    : [largest(expression)]
}

/** A constant text; a cast does not change it. */
export function textOf(expression: Expression | undefined): string | undefined {
  if (expression?.kind === 'cast') return textOf(expression.operand)
  const isText = expression?.kind === 'literal' && typeof expression.value === 'string'
  return isText ? String(expression.value) : undefined
}

function constant(value: number | string | undefined): number {
  const number = typeof value === 'string' ? Number.parseFloat(value) : (value ?? 1)
  return Number.isNaN(number) ? 1 : number
}

function product(values: readonly number[]): number {
  return values.reduce((whole, each) => whole * Math.max(1, each), 1)
}

function sum(values: readonly number[]): number {
  return values.reduce((whole, each) => whole + each, 0)
}

function most(values: readonly number[]): number {
  return values.reduce((high, each) => Math.max(high, each), 1)
}
