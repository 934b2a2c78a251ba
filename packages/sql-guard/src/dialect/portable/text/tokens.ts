import { refuse } from '../../refusal.ts'

/** Engines whose texts the portable dialect can prove that it has read to the last token. */
export type PortableEngine = 'postgres' | 'sqlite' | 'mysql'

/** One token of a text. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol'
  /** As written for a word, unquoted for a name and a string. */
  readonly text: string
  readonly start: number
  readonly end: number
}

/** Characters of an unquoted name or a number; the parser is slow with long ones. */
const maxWord = 128

const symbols = ['<>', '!=', '<=', '>=', '||', '::']
const blank = /[ \t\n\r\f]/
const word = /[A-Za-z_][A-Za-z0-9_]*/y
const number = /\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y

/** Quotes of names that mean a name under every setting of the engine. */
const nameQuotes: Readonly<Record<PortableEngine, string>> = {
  postgres: '"',
  sqlite: '"`',
  mysql: '`',
}

/**
 * Splits a text into the few kinds of tokens that all engines read in the same way. Everything else
 * is refused: backslashes in strings, prefixes of strings, dollar quotes, parameters, `#` comments,
 * nested and executable comments, characters of other scripts in unquoted names.
 */
export function tokenize(text: string, engine: PortableEngine): readonly Token[] {
  const tokens: Token[] = []
  for (let at = 0; at < text.length;) {
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
    const token = tokenAt(text, at, engine)
    if (tokens.at(-1)?.end === at && isJoined(tokens.at(-1), token)) unreadable(at, token.end)
    tokens.push(token)
    at = token.end
  }
  return tokens
}

/** Two tokens without a blank between them that an engine may read as one. */
function isJoined(before: Token | undefined, { kind, text }: Token): boolean {
  if (before === undefined || before.kind === 'symbol') {
    return (
      before !== undefined &&
      kind === 'symbol' &&
      !'(),.;*'.includes(before.text) &&
      !'()+-'.includes(text)
    )
  }
  return kind !== 'symbol'
}

function tokenAt(text: string, start: number, engine: PortableEngine): Token {
  const character = text[start] ?? ''
  if (character === "'") return quoted(text, start, 'string')
  if (nameQuotes[engine].includes(character)) return quoted(text, start, 'name')
  for (const [kind, pattern] of [
    ['word', word],
    ['number', number],
  ] as const) {
    pattern.lastIndex = start
    if (pattern.test(text)) {
      const end = pattern.lastIndex
      if (end - start > maxWord) unreadable(start, end)
      return { kind, text: text.slice(start, end), start, end }
    }
  }
  const symbol = symbols.find((each) => text.startsWith(each, start)) ?? character
  const isKnown = symbol.length > 1 || '+-*/%=<>(),.;'.includes(symbol)
  // To MySQL, two bars are a condition.
  if (
    !isKnown ||
    (engine === 'mysql' && symbol === '||') ||
    (engine !== 'postgres' && symbol === '::')
  ) {
    unreadable(start, start + 1)
  }
  return { kind: 'symbol', text: symbol, start, end: start + symbol.length }
}

function quoted(text: string, start: number, kind: 'string' | 'name'): Token {
  const quote = text[start] ?? ''
  let value = ''
  for (let at = start + 1; at < text.length; at++) {
    const character = text[at] ?? ''
    if (character === '\\') unreadable(at, at + 1)
    if (character !== quote) value += character
    else if (text[at + 1] === quote) {
      value += quote
      at++
    } else return { kind, text: value, start, end: at + 1 }
  }
  return refuse('text-unbalanced', 'A string or quoted name is not closed.', {
    start,
    end: text.length,
  })
}

function endOfComment(text: string, start: number): number | undefined {
  if (text.startsWith('--', start)) {
    if (!blank.test(text[start + 2] ?? '\n')) unreadable(start, start + 2)
    const end = text.indexOf('\n', start)
    return end === -1 ? text.length : end
  }
  if (!text.startsWith('/*', start)) return undefined
  const end = text.indexOf('*/', start + 2)
  const inside = end === -1 ? '' : text.slice(start + 2, end)
  if (end === -1 || /^(!|M!|\+)|\/\*/i.test(inside)) unreadable(start, start + 2)
  return end + 2
}

function unreadable(start: number, end: number): never {
  return refuse(
    'construct-refused',
    'The portable dialect does not read this; write it more plainly, or use the dialect of the engine.',
    { start, end },
  )
}
