import type { Lexis } from '../dialect/dialect.ts'
import type { Finding } from '../guard/verdict.ts'
import type { Limits } from '../policy/policy.ts'
import { skipQuoted } from './skip.ts'

/** The text may be parsed. */
export interface Passed {
  readonly finding?: undefined
  /** Where the last statement ends, without semicolons, blanks and comments after it. */
  readonly codeEnd: number
}

/** The text must not be parsed. */
export interface Stopped {
  readonly finding: Finding
}

/**
 * Decides whether a text may reach a parser at all, in one pass over its characters.
 *
 * Gives the first problem, or the end of the statement without what may trail it.
 */
export function gate(text: string, lexis: Lexis, limits: Limits): Passed | Stopped {
  const finding = text.length > limits.maxTextBytes ? tooLong(limits) : malformed(text)
  return finding === undefined ? scan(text, lexis, limits) : { finding }
}

/** Commas outside strings and comments; 64 KB of honest lists have fewer. */
const maxCommas = 10_000

function scan(text: string, lexis: Lexis, limits: Limits): Passed | Stopped {
  const open: string[] = []
  let bytes = 0
  let codeEnd = 0
  let position = 0
  // Where a semicolon has ended a statement.
  let statementEnd: number | undefined
  let commas = 0
  while (position < text.length) {
    const first = text.charCodeAt(position)
    if (isPlain(first)) {
      bytes++
      position++
      if (first !== 0x20) {
        if (statementEnd !== undefined) return { finding: secondAt(position - 1, text.length) }
        codeEnd = position
        if (first === 0x2c && ++commas > maxCommas) return { finding: tooMany(position) }
      }
      continue
    }
    const skipped = skipQuoted(text, position, lexis)
    if (skipped === 'unterminated') {
      return { finding: unclosedAt(position, text.length) }
    }
    const isString = skipped !== undefined && skipped.holdsText
    const end = skipped?.end ?? position + 1
    for (let at = position; at < end; at++) {
      const code = text.charCodeAt(at)
      bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code >= 0xd800 && code <= 0xdfff ? 2 : 3
      if (isForbidden(code, text.charCodeAt(at + 1), isString)) {
        return { finding: controlAt(at) }
      }
    }
    if (statementEnd !== undefined && (isString || isCode(skipped, first))) {
      return { finding: secondAt(position, text.length) }
    }
    if (isString) codeEnd = end
    else if (skipped === undefined) {
      const character = text[position]
      if (character === ';') {
        if (codeEnd > 0) statementEnd ??= position
      } else if (!isBlank(first)) codeEnd = end
      if (character === '(' || character === '[') {
        open.push(character)
        if (open.length > limits.maxDepth) return { finding: tooDeep(position, limits) }
      } else if (character === ')' || character === ']') {
        if (open.pop() !== (character === ')' ? '(' : '[')) {
          return { finding: unbalancedAt(position) }
        }
      }
    }
    position = end
  }
  if (bytes > limits.maxTextBytes) return { finding: tooLong(limits) }
  if (open.length > 0) return { finding: unbalancedAt(text.length) }
  return { codeEnd }
}

function isCode(skipped: unknown, code: number): boolean {
  return skipped === undefined && code !== 0x3b && !isBlank(code)
}

/** Letters, digits and the characters between them, which mean nothing to the gate. */
function isPlain(code: number): boolean {
  return (
    (code >= 0x61 && code <= 0x7a) ||
    code === 0x20 ||
    (code >= 0x41 && code <= 0x5a) ||
    (code >= 0x30 && code <= 0x39) ||
    (code >= 0x2a && code <= 0x2c) ||
    code === 0x2e ||
    code === 0x5f ||
    (code >= 0x3c && code <= 0x3e)
  )
}

function isBlank(code: number): boolean {
  return code === 0x20 || (code >= 0x09 && code <= 0x0d)
}

/** Characters that no honest statement needs, or that people and engines see differently. */
function isForbidden(code: number, next: number, isString: boolean): boolean {
  if (code < 0x20) {
    if (code === 0x0d) return !isString && next !== 0x0a
    return code !== 0x09 && code !== 0x0a
  }
  if (code < 0x7f || isString) return false
  return (
    code <= 0xa0 ||
    code === 0xad ||
    code === 0x61c ||
    code === 0x1680 ||
    (code >= 0x2000 && code <= 0x200f) ||
    (code >= 0x2028 && code <= 0x202f) ||
    (code >= 0x205f && code <= 0x206f) ||
    code === 0x3000 ||
    code === 0xfeff ||
    (code >= 0xfff0 && code <= 0xfffb)
  )
}

function controlAt(position: number): Finding {
  return {
    code: 'text-has-control-character',
    message: 'The text holds a control or invisible character; remove it.',
    span: { start: position, end: position + 1 },
  }
}

function malformed(text: string): Finding | undefined {
  return text.isWellFormed()
    ? undefined
    : { code: 'text-has-control-character', message: 'The text is not valid Unicode.' }
}

function secondAt(start: number, end: number): Finding {
  return {
    code: 'statement-count',
    message: 'The text holds more than one statement; exactly one is allowed.',
    span: { start, end },
  }
}

function unclosedAt(start: number, end: number): Finding {
  return {
    code: 'text-unbalanced',
    message: 'A string, quoted name or comment is not closed.',
    span: { start, end },
  }
}

function unbalancedAt(position: number): Finding {
  return {
    code: 'text-unbalanced',
    message: 'Opening and closing brackets do not match.',
    span: { start: position, end: position + 1 },
  }
}

function tooLong({ maxTextBytes }: Limits): Finding {
  return {
    code: 'text-too-long',
    message: `The text is longer than ${maxTextBytes} bytes.`,
  }
}

function tooMany(position: number): Finding {
  return {
    code: 'limit-exceeded',
    message: `The text has more than ${maxCommas} commas.`,
    span: { start: position, end: position + 1 },
  }
}

function tooDeep(position: number, { maxDepth }: Limits): Finding {
  return {
    code: 'limit-exceeded',
    message: `Brackets nest deeper than ${maxDepth} levels.`,
    span: { start: position, end: position + 1 },
  }
}
