import { refuse } from '../../refusal.ts'
import type { Token } from '../../text/cursor.ts'

const symbols = ['<=>', '->>', '->', '<<', '>>', '<=', '>=', '<>', '!=', '||', '&&']
/** What the servers take for a blank. */
const blank = /[ \t\n\v\f\r]/
const wordStart = /[A-Za-z_\u0080-\uffff]/
const word = /[A-Za-z_$\u0080-\uffff][\w$\u0080-\uffff]*/y
const variable =
  /@(?:@(?:(?:global|session|local)\.)?)?[\w$.\u0080-\uffff]+|@'[^'\\]*'|@"[^"\\]*"|@`[^`]*`/iy
const number = /0x[0-9a-fA-F]+|0b[01]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?/y

/**
 * Splits a text into tokens. Anything that servers of this family, or their settings, read in
 * different ways is refused: executable comments and hints, `--` without a blank, variables, braces,
 * while strings whose end depends on a setting are marked to be written anew.
 */
export function tokenize(text: string): readonly Token[] {
  const tokens: Token[] = []
  const open: number[] = []
  let at = 0
  while (at < text.length) {
    const character = text[at] ?? ''
    if (blank.test(character)) {
      at++
      continue
    }
    const comment = endOfComment(text, at)
    if (comment !== undefined) {
      at = comment
      continue
    }
    const token = tokenAt(text, at, character)
    if (token.text === '(') open.push(tokens.length)
    if (token.text === ')') {
      const opening = tokens[open.pop() ?? -1]
      if (opening !== undefined) opening.closedBy = tokens.length
    }
    tokens.push(token)
    at = token.end
  }
  tokens.push({ kind: 'end', text: '', start: text.length, end: text.length })
  return tokens
}

function tokenAt(text: string, start: number, character: string): Token {
  if (character === "'" || character === '"') return stringAt(text, start, character)
  if (character === '`') return quotedName(text, start)
  if (/[xXbBnN]/.test(character) && text[start + 1] === "'") {
    return { ...stringAt(text, start + 1, "'"), start }
  }
  if (wordStart.test(character)) {
    word.lastIndex = start
    word.test(text)
    const written = text.slice(start, word.lastIndex)
    return { kind: 'word', text: upper(written), written, start, end: word.lastIndex }
  }
  if (/\d/.test(character) || (character === '.' && /\d/.test(text[start + 1] ?? ''))) {
    return numberAt(text, start)
  }
  if (character === '@') return variableAt(text, start)
  if (character === '?') return { kind: 'parameter', text: '?', start, end: start + 1 }
  const symbol = symbols.find((each) => text.startsWith(each, start)) ?? character
  if (symbol.length === 1 && !'+-*/%^&|~!<>=(),.;'.includes(symbol)) {
    const span = { start, end: start + 1 }
    refuse(
      'construct-refused',
      'Braces and labels are not allowed, and variables must not be set.',
      span,
      symbol,
    )
  }
  return { kind: 'symbol', text: symbol, start, end: start + symbol.length }
}

function endOfComment(text: string, start: number): number | undefined {
  const pair = text.slice(start, start + 2)
  const span = { start, end: Math.min(start + 3, text.length) }
  if (pair === '--') {
    if (!blank.test(text[start + 2] ?? '\n')) {
      refuse('construct-refused', 'Two minus signs must be followed by a blank.', span)
    }
    return endOfLine(text, start)
  }
  if (text[start] === '#') return endOfLine(text, start)
  if (pair !== '/*') return undefined
  if (/^(!|M!|\+)/i.test(text.slice(start + 2, start + 4))) {
    refuse('construct-refused', 'Comments that the server executes are not allowed.', span)
  }
  const end = text.indexOf('*/', start + 2)
  if (end === -1) refuse('text-unbalanced', 'A comment is not closed.', span)
  return end + 2
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end === -1 ? text.length : end
}

function stringAt(text: string, start: number, quote: string): Token {
  let value = ''
  let isEscaped = false
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\\') {
      const next = text[at + 1] ?? ''
      isEscaped ||= next === "'" || next === '"'
      value += next === "'" ? "''" : next === '"' ? next : character + next
      at++
    } else if (character === quote) {
      if (text[at + 1] !== quote) {
        // Whether these are strings, and where they end, depends on settings of the server.
        const plain = isEscaped || quote === '"' ? { plain: `'${value}'` } : {}
        const escaped = isEscaped ? { hasEscapedQuote: true } : {}
        return { kind: 'string', text: value, start, end: at + 1, ...plain, ...escaped }
      }
      value += quote === "'" ? "''" : quote
      at++
    } else value += character === "'" ? "''" : character
  }
  return refuse('text-unbalanced', 'A string is not closed.', { start, end: text.length })
}

function quotedName(text: string, start: number): Token {
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    if (text[at] !== '`') value += text[at]
    else if (text[at + 1] === '`') {
      value += '`'
      at++
    } else return { kind: 'name', text: value, start, end: at + 1 }
  }
  return refuse('text-unbalanced', 'A quoted name is not closed.', { start, end: text.length })
}

/** A variable is read like a function of its name, which is on no list. */
function variableAt(text: string, start: number): Token {
  variable.lastIndex = start
  const end = variable.test(text) ? variable.lastIndex : start + 1
  const isSet = /^\s*:=/.test(text.slice(end, end + 64))
  if (isSet || end === start + 1) {
    refuse('construct-refused', 'Variables must not be set.', { start, end }, ':=')
  }
  return { kind: 'variable', text: text.slice(start, end).toLowerCase(), start, end }
}

/** A name may begin with digits here; a number must not run into a name. */
function numberAt(text: string, start: number): Token {
  number.lastIndex = start
  number.test(text)
  const end = number.lastIndex
  if (wordStart.test(text[end] ?? ' ') || text[end] === '$') {
    refuse('construct-refused', 'Quote a name that begins with a digit.', { start, end })
  }
  return { kind: 'number', text: text.slice(start, end), start, end }
}

/** Words of the grammar are in ASCII; other letters are never part of one. */
function upper(written: string): string {
  return written.replace(/[a-z]+/g, (letters) => letters.toUpperCase())
}
