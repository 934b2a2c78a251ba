import { refuse } from '../../refusal.ts'
import type { Token } from '../../text/cursor.ts'

const symbols = ['<=>', '->', '::', '<=', '>=', '<>', '!=', '==', '||']
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /0[xX][0-9a-fA-F]+|0b[01]+|(?:\d[\d_]*\.?(?:\d[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?/y
const index = /\d+/y

/**
 * Splits a text into tokens as ClickHouse does. What its versions read in different ways, or what
 * people and the engine see differently, is refused: heredocs, typographic quotes and minus signs,
 * `#` without a blank, escapes in quoted names, variables and braces.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  const open: number[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at] ?? ''
    if (character === ' ' || (character >= '\t' && character <= '\r')) {
      at++
      continue
    }
    const comment = '-#/'.includes(character) ? endOfComment(text, at) : undefined
    if (comment !== undefined) {
      at = comment
      continue
    }
    const token = isIndex(tokens, at)
      ? matched(text, at, index, 'number')
      : tokenAt(text, at, character)
    if (token.kind === 'symbol' && '([)]'.includes(token.text)) pair(tokens, open, token)
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length })
  return tokens
}

function pair(tokens: readonly Token[], open: number[], { text }: Token): void {
  if (text === '(' || text === '[') open.push(tokens.length)
  else {
    const opening = tokens[open.pop() ?? -1]
    if (opening !== undefined) opening.closedBy = tokens.length
  }
}

/** Whether digits stand after the dot of a value, where they are the place in a tuple. */
function isIndex(tokens: readonly Token[], at: number): boolean {
  const dot = tokens.at(-1)
  return dot?.text === '.' && dot.kind === 'symbol' && dot.end === at
}

function tokenAt(text: string, start: number, character: string): Token {
  if (character === "'") return quoted(text, start, 'string')
  if (character === '"' || character === '`') return quoted(text, start, 'name')
  if (/[A-Za-z_]/.test(character)) {
    word.lastIndex = start
    word.test(text)
    const end = word.lastIndex
    const written = text.slice(start, end)
    return { kind: 'word', text: written, keyword: written.toUpperCase(), start, end }
  }
  const isFraction =
    character === '.' && /\d/.test(text[start + 1] ?? '') && !isAfterValue(text, start)
  if (/\d/.test(character) || isFraction) return numberAt(text, start)
  const isAlone = '(),.;[]?+*/%'.includes(character)
  const symbol = isAlone
    ? character
    : (symbols.find((each) => text.startsWith(each, start)) ?? character)
  if (symbol.length === 1 && !'+-*/%<>=(),.;[]?:'.includes(symbol)) {
    refuse(
      'construct-refused',
      'Variables, parameters, heredocs and typographic signs are not allowed.',
      { start, end: start + 1 },
      symbol,
    )
  }
  return { kind: 'symbol', text: symbol, start, end: start + symbol.length }
}

/** Whether a dot stands directly behind a value, so that it selects a part of it. */
function isAfterValue(text: string, dot: number): boolean {
  return /[\w)\]"`]/.test(text[dot - 1] ?? '')
}

function matched(text: string, start: number, pattern: RegExp, kind: Token['kind']): Token {
  pattern.lastIndex = start
  pattern.test(text)
  const end = pattern.lastIndex
  // An index that is no number leaves the place as it is; the sign then stands for itself.
  if (end <= start) return tokenAt(text, start, text[start] ?? '')
  return { kind, text: text.slice(start, end), start, end }
}

function endOfComment(text: string, start: number): number | undefined {
  const pair = text.slice(start, start + 2)
  if (pair === '--' || pair === '# ' || pair === '#!') {
    const end = text.indexOf('\n', start)
    return end === -1 ? text.length : end
  }
  if (pair !== '/*') return undefined
  let depth = 1
  for (let at = start + 2; at < text.length; at++) {
    const two = text.slice(at, at + 2)
    if (two !== '/*' && two !== '*/') continue
    depth += two === '/*' ? 1 : -1
    at++
    if (depth === 0) return at + 1
  }
  return refuse('text-unbalanced', 'A comment is not closed.', { start, end: text.length })
}

function quoted(text: string, start: number, kind: 'string' | 'name'): Token {
  const quote = text[start]
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\\') {
      if (kind === 'name') {
        const span = { start, end: at + 1 }
        refuse('construct-refused', 'A quoted name must not hold a backslash.', span)
      }
      value += text.slice(at, at + 2)
      at++
    } else if (character !== quote) value += character
    else if (text[at + 1] === quote) {
      value += quote
      at++
    } else if (kind === 'name' && value === '') {
      refuse('syntax-invalid', 'A quoted name is empty.', { start, end: at + 1 })
    } else return { kind, text: value, start, end: at + 1 }
  }
  const what = kind === 'string' ? 'A string' : 'A quoted name'
  return refuse('text-unbalanced', `${what} is not closed.`, { start, end: text.length })
}

/** A number must not run into a name. */
function numberAt(text: string, start: number): Token {
  const token = matched(text, start, number, 'number')
  if (/[A-Za-z_$]/.test(text[token.end] ?? ' ')) {
    refuse('construct-refused', 'Quote a name that begins with a digit.', token)
  }
  return token
}
