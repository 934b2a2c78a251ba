import type { Lexis } from '../dialect/dialect.ts'

/** A stretch of text whose characters are not code. */
export interface Skipped {
  readonly end: number
  /** Whether it is a string or quoted name; a comment is not. */
  readonly holdsText: boolean
}

/** Finds the end of the string, quoted name or comment that starts at a position, if one does. */
export function skipQuoted(
  text: string,
  start: number,
  lexis: Lexis,
): Skipped | 'unterminated' | undefined {
  const first = text[start]
  if (first === undefined) return undefined
  const isClickhouse = lexis.isClickhouse === true
  if (first === "'") {
    const escapes =
      lexis.isMysql || isClickhouse || (lexis.hasEscapeStrings && isEscapePrefix(text, start))
    return asText(endOfQuoted(text, start, "'", escapes))
  }
  const closing = lexis.quotes[first]
  if (closing !== undefined) {
    const escapes = isClickhouse || (lexis.isMysql && first === '"')
    return asText(endOfQuoted(text, start, closing, escapes))
  }
  if (first === '-' && text[start + 1] === '-') {
    // To MySQL, two minus signs without a blank are no comment; its blanks are those of ASCII.
    const isCode = lexis.isMysql && !/[ \t\n\r\v\f]/.test(text[start + 2] ?? ' ')
    return isCode ? undefined : comment(endOfLine(text, start))
  }
  const isHash =
    first === '#' && (lexis.isMysql || (isClickhouse && /[ !]/.test(text[start + 1] ?? '')))
  if (isHash) return comment(endOfLine(text, start))
  if (first === '/' && text[start + 1] === '*') {
    // Comments that the server runs are code; the dialect refuses them.
    if (lexis.isMysql && /^(!|M!|\+)/i.test(text.slice(start + 2, start + 4))) return undefined
    const end = endOfBlockComment(text, start, lexis.hasNestedComments)
    return end === undefined ? 'unterminated' : comment(end)
  }
  if (first === '$' && lexis.hasDollarQuotes && !isNamePart(text[start - 1])) {
    const tag = dollarTag(text, start)
    if (tag === undefined) return undefined
    const end = text.indexOf(tag, start + tag.length)
    return asText(end === -1 ? undefined : end + tag.length)
  }
  return undefined
}

function asText(end: number | undefined): Skipped | 'unterminated' {
  return end === undefined ? 'unterminated' : { end, holdsText: true }
}

function comment(end: number): Skipped {
  return { end, holdsText: false }
}

function endOfQuoted(
  text: string,
  start: number,
  closing: string,
  escapes: boolean,
): number | undefined {
  const isDoubled = closing !== ']'
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at]
    if (escapes && character === '\\') at++
    else if (character === closing) {
      if (!isDoubled || text[at + 1] !== closing) return at + 1
      at++
    }
  }
  return undefined
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf('\n', start)
  return end === -1 ? text.length : end
}

function endOfBlockComment(text: string, start: number, nests: boolean): number | undefined {
  let depth = 1
  for (let at = start + 2; at < text.length; at++) {
    if (text[at] === '*' && text[at + 1] === '/') {
      depth--
      at++
      if (depth === 0) return at + 1
    } else if (nests && text[at] === '/' && text[at + 1] === '*') {
      depth++
      at++
    }
  }
  return undefined
}

/** Whether the quote follows an `E` that is a word of its own. */
function isEscapePrefix(text: string, quote: number): boolean {
  const letter = text[quote - 1]
  return (letter === 'e' || letter === 'E') && !isNamePart(text[quote - 2])
}

/** The opening `$tag$` at a position. The longest tag an engine allows is 63 bytes. */
function dollarTag(text: string, start: number): string | undefined {
  for (let at = start + 1; at < text.length && at - start <= 64; at++) {
    const character = text[at]
    if (character === '$') return text.slice(start, at + 1)
    if (!isNamePart(character) || (at === start + 1 && isDigit(character))) return undefined
  }
  return undefined
}

function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

function isNamePart(character: string | undefined): boolean {
  return character !== undefined && (/[A-Za-z0-9_$]/.test(character) || character > '\x7f')
}
