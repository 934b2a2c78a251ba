import type { Span } from '../../guard/verdict.ts'
import type { ParseBounds } from '../dialect.ts'
import { refuse } from '../refusal.ts'

/** A place in a list of tokens: the steps and bounds that all grammars share. */
export abstract class TokenWalk<Token extends Span> {
  readonly #tokens: readonly Token[]
  readonly #end: Token
  readonly #bounds: ParseBounds
  #at = 0
  #depth = 0
  #joins = 0

  /** `end` is the token that stands behind the last one. */
  constructor(tokens: readonly Token[], end: Token, bounds: ParseBounds) {
    this.#tokens = tokens
    this.#end = end
    this.#bounds = bounds
  }

  /** A word or a symbol as the grammar knows it; nothing for any other token. */
  protected abstract codeOf(token: Token): string | undefined

  /** Refuses what stands here. */
  abstract fail(): never

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  /** The number of the next token. */
  protected get index(): number {
    return this.#at
  }

  /** A token by its number. */
  protected tokenAt(index: number): Token {
    return this.#tokens[index] ?? this.#end
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? this.#end
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Whether the next tokens are these words or symbols. */
  is(...texts: readonly string[]): boolean {
    for (let ahead = 0; ahead < texts.length; ahead++) {
      if (this.codeOf(this.peek(ahead)) !== texts[ahead]) return false
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
    const code = this.codeOf(this.peek())
    if (code === undefined || !texts.includes(code)) return undefined
    this.#at++
    return code
  }

  expect(...texts: readonly string[]): void {
    if (!this.accept(...texts)) this.fail()
  }

  nested<Result>(read: () => Result): Result {
    this.#depth++
    if (this.#depth > this.#bounds.maxDepth) {
      const message = `The statement nests deeper than ${this.#bounds.maxDepth} levels.`
      refuse('limit-exceeded', message, this.span(this.peek()))
    }
    const result = read()
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
}
