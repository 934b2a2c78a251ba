import type { Span } from '../../../guard/verdict.ts'
import type { ParseBounds } from '../../dialect.ts'
import { refuse } from '../../refusal.ts'
import type { Token } from './lexer.ts'
import { reserved } from './words.ts'

const end: Token = { kind: 'end', text: '', start: 0, end: 0 }

/** A place in a list of tokens, with the few questions and steps that a grammar needs. */
export class Cursor {
  readonly #tokens: readonly Token[]
  readonly #bounds: ParseBounds
  #at = 0
  #depth = 0
  #joins = 0

  constructor(tokens: readonly Token[], bounds: ParseBounds) {
    this.#tokens = tokens
    this.#bounds = bounds
  }

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
    return texts.every((text, ahead) => {
      const token = this.peek(ahead)
      return token.text === text && (token.kind === 'word' || token.kind === 'symbol')
    })
  }

  /** Steps over the next tokens if they are these. */
  accept(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false
    this.#at += texts.length
    return true
  }

  /** Steps over the first of some words or symbols that is next. */
  acceptOne(texts: readonly string[]): string | undefined {
    const found = texts.find((text) => this.is(text))
    if (found !== undefined) this.#at++
    return found
  }

  expect(...texts: readonly string[]): void {
    if (!this.accept(...texts)) this.fail()
  }

  /** The next token as a name, folded; a word of the grammar is none. */
  name(): string {
    const token = this.next()
    if (token.kind === 'name') return token.text.toLowerCase()
    if (token.kind === 'word' && !reserved.has(token.text)) return token.text.toLowerCase()
    this.#at--
    return this.fail()
  }

  /** A string that is no operand, so that it cannot be written in another way. */
  string(): string {
    const { kind, text, hasEscapedQuote } = this.peek()
    if (kind !== 'string' || hasEscapedQuote === true) return this.fail()
    this.next()
    return text
  }

  isName(): boolean {
    const { kind, text } = this.peek()
    return kind === 'name' || (kind === 'word' && !reserved.has(text))
  }

  /** A list between brackets; the opening one has been passed. */
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
      if (!followsQuery.has(after.text) || after.kind === 'string') return false
      from++
    }
    return (
      this.peek(from).text === '(' &&
      this.peek(from + 1).kind === 'word' &&
      startsQuery.has(this.peek(from + 1).text)
    )
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

const startsQuery = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE'])
const followsQuery = new Set([')', 'UNION', 'EXCEPT', 'INTERSECT', 'ORDER', 'LIMIT'])
