import type { Span } from '../../guard/verdict.ts'
import type { ParseBounds } from '../dialect.ts'
import { refuse } from '../refusal.ts'

/** One token of a text. */
export interface Token {
  readonly kind: 'word' | 'name' | 'string' | 'number' | 'symbol' | 'parameter' | 'variable' | 'end'
  /** Unquoted for a name; as the dialect compares it for a word; as written for the rest. */
  readonly text: string
  /** A word in upper case, where its text keeps the case. */
  readonly keyword?: string
  /** A word as it was written, where its text does not keep the case. */
  readonly written?: string
  readonly start: number
  readonly end: number
  /** For an opening bracket, the index of the token that closes it. */
  closedBy?: number
  /** How a string must be written that settings of the server could read in another way. */
  readonly plain?: string
  /** Whether the string ends elsewhere where backslashes are no escapes. */
  readonly hasEscapedQuote?: boolean
}

const end: Token = { kind: 'end', text: '', start: 0, end: 0 }

/** A place in a list of tokens, with the few questions and steps that a grammar needs. */
export abstract class TokenCursor {
  readonly #tokens: readonly Token[]
  readonly #bounds: ParseBounds
  #at = 0
  #depth = 0
  #joins = 0

  constructor(tokens: readonly Token[], bounds: ParseBounds) {
    this.#tokens = tokens
    this.#bounds = bounds
  }

  /** Words that begin a query. */
  protected abstract readonly startsQuery: ReadonlySet<string>

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? end
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Whether the next tokens are these words or symbols. */
  is(...texts: readonly string[]): boolean {
    for (let ahead = 0; ahead < texts.length; ahead++) {
      if (codeOf(this.peek(ahead)) !== texts[ahead]) return false
    }
    return true
  }

  /** Steps over the next tokens if they are these. */
  accept(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false
    this.#at += texts.length
    return true
  }

  /** Steps over the first of some words or symbols that is next. */
  acceptOne(texts: readonly string[]): string | undefined {
    const code = codeOf(this.peek())
    if (code === undefined || !texts.includes(code)) return undefined
    this.#at++
    return code
  }

  expect(...texts: readonly string[]): void {
    if (!this.accept(...texts)) this.fail()
  }

  /** One item or more with commas between them. */
  list<Item>(item: () => Item): readonly Item[] {
    const items = [item()]
    while (this.accept(',')) items.push(item())
    return items
  }

  /** Whether a bracket opens a query, and not a list or a join of tables. */
  opensQuery(ahead = 0): boolean {
    let from = ahead
    while (this.peek(from).text === '(' && this.peek(from + 1).text === '(') {
      const closing = this.peek(from + 1).closedBy
      if (closing === undefined) return false
      const after = this.#tokens[closing + 1] ?? end
      if (!followsQuery.has(after.keyword ?? after.text) || after.kind === 'string') return false
      from++
    }
    const { kind, keyword, text } = this.peek(from + 1)
    const isWord = kind === 'word' && this.startsQuery.has(keyword ?? text)
    return this.peek(from).text === '(' && isWord
  }

  nested<Result>(parse: () => Result): Result {
    this.#depth++
    if (this.#depth > this.#bounds.maxDepth) {
      const message = `The statement nests deeper than ${this.#bounds.maxDepth} levels.`
      refuse('limit-exceeded', message, this.span(this.peek()))
    }
    const result = parse()
    this.#depth--
    return result
  }

  join(): void {
    this.#joins++
    if (this.#joins > this.#bounds.maxJoins) {
      const message = `The statement joins more than ${this.#bounds.maxJoins} times.`
      refuse('limit-exceeded', message, this.span(this.peek()))
    }
  }

  /** The span from a token to the last one that was passed. */
  span(from: Token): Span {
    const last = this.#tokens[this.#at - 1]
    return { start: from.start, end: Math.max(from.end, last?.end ?? 0) }
  }

  fail(): never {
    const { start, end: stop, text } = this.peek()
    return refuse(
      'syntax-invalid',
      'The guard cannot read the text from this position on.',
      { start, end: stop },
      /^\w+$/.test(text) ? text : undefined,
    )
  }
}

const followsQuery = new Set([')', 'UNION', 'EXCEPT', 'INTERSECT', 'ORDER', 'LIMIT'])

/** A word or a symbol as the grammar knows it. */
function codeOf({ kind, keyword, text }: Token): string | undefined {
  return kind === 'word' || kind === 'symbol' ? (keyword ?? text) : undefined
}
