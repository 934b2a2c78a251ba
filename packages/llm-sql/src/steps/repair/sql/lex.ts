/** One piece of an SQL text that may be wrong. Blanks and comments are left out. */
export interface SqlToken {
  readonly kind: 'word' | 'quoted' | 'string' | 'number' | 'symbol'
  readonly text: string
  /** Words and quoted names without their quotes, in lower case; of others, the text. */
  readonly name: string
  readonly start: number
  readonly end: number
  /** Set when a quote or bracket is not closed. */
  readonly isOpen?: boolean | undefined
}

const pattern =
  /(?<skip>\s+|--[^\n]*|\/\*[^]*?(?:\*\/|$))|(?<string>[eEnN]?'(?:[^']|'')*(?:'|$))|(?<quoted>"(?:[^"]|"")*(?:"|$)|`[^`]*(?:`|$)|\[[\p{L}_][^\]\n]{0,127}\])|(?<number>\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(?<word>[\p{L}_@#$][\p{L}\p{N}_@#$]*)|(?<symbol>::|\|\||<>|!=|<=|>=|==|[^])/gu

/** Splits an SQL text; never fails, whatever the text is. */
export function lex(sql: string): readonly SqlToken[] {
  const tokens: SqlToken[] = []
  for (const match of sql.matchAll(pattern)) {
    const { skip, string, quoted, number, word } = match.groups ?? {}
    if (skip !== undefined) continue
    const text = match[0]
    const kind =
      string !== undefined
        ? 'string'
        : quoted !== undefined
          ? 'quoted'
          : number !== undefined
            ? 'number'
            : word !== undefined
              ? 'word'
              : 'symbol'
    const isOpen = (kind === 'string' || kind === 'quoted') && !isClosed(text)
    const name = kind === 'quoted' ? text.slice(1, isOpen ? undefined : -1) : text
    tokens.push({
      kind,
      text,
      name: name.toLowerCase(),
      start: match.index,
      end: match.index + text.length,
      ...(isOpen ? { isOpen } : {}),
    })
  }
  return tokens
}

function isClosed(text: string): boolean {
  const first = text.search(/['"`[]/)
  const quote = text[first] === '[' ? ']' : (text[first] ?? '')
  const body = text.slice(first + 1)
  if (!body.endsWith(quote)) return false
  return quote === ']' || (body.length - body.replaceAll(quote, '').length) % 2 === 1
}

/** A replacement of one stretch of a text. */
export interface Edit {
  readonly start: number
  readonly end: number
  readonly text: string
}

/** Applies replacements that do not overlap; of two that do, the first holds. */
export function splice(sql: string, edits: readonly Edit[]): string {
  let text = ''
  let at = 0
  for (const edit of edits.toSorted((a, b) => a.start - b.start || a.end - b.end)) {
    if (edit.start < at) continue
    text += sql.slice(at, edit.start) + edit.text
    at = edit.end
  }
  return text + sql.slice(at)
}

/** Whether a token is this keyword or symbol. */
export function is(token: SqlToken | undefined, ...names: readonly string[]): boolean {
  return (
    token !== undefined &&
    (token.kind === 'word' || token.kind === 'symbol') &&
    names.includes(token.name)
  )
}
