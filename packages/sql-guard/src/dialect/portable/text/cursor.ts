import type { Span } from '../../../guard/verdict.ts'
import type { ParseBounds } from '../../dialect.ts'
import { caseless } from '../../caseless.ts'
import { refuse } from '../../refusal.ts'
import { folded } from '../../sqlite/fold.ts'
import type { Identifier } from '../../tree.ts'
import type { Grammar } from '../grammar.ts'
import type { PortableEngine, Token } from './tokens.ts'
import { keywords } from './words.ts'

const end: Token = { kind: 'symbol', text: '', start: 0, end: 0 }

/** How each engine compares names. */
const foldedFor: Readonly<Record<PortableEngine, (token: Token) => string>> = {
  postgres: ({ kind, text }) => (kind === 'name' ? text : folded(text)),
  sqlite: ({ text }) => folded(text),
  mysql: ({ text }) => caseless(text),
}

/** A name, how it was written, and how the parser was given it. */
export interface Name extends Identifier {
  readonly exact: string
  readonly shown: string
}

/** Steps over the tokens of a statement as the parser's tree says that they stand. */
export class Cursor {
  readonly engine: PortableEngine
  readonly grammar: Grammar
  readonly #tokens: readonly Token[]
  readonly #bounds: ParseBounds
  readonly #tableNames = new Map<string, string>()
  #at = 0
  #depth = 0
  #joins = 0

  constructor(
    tokens: readonly Token[],
    engine: PortableEngine,
    bounds: ParseBounds,
    grammar: Grammar,
  ) {
    this.#tokens = tokens
    this.engine = engine
    this.grammar = grammar
    this.#bounds = bounds
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#tokens.length
  }

  peek(ahead = 0): Token {
    return this.#tokens[this.#at + ahead] ?? end
  }

  next(): Token {
    const token = this.peek()
    this.#at++
    return token
  }

  /** Whether the next tokens are these words, in upper case, or symbols. */
  is(...texts: readonly string[]): boolean {
    return texts.every((text, ahead) => {
      const token = this.peek(ahead)
      if (token.kind === 'symbol') return token.text === text
      return token.kind === 'word' && token.text.toUpperCase() === text
    })
  }

  accept(...texts: readonly string[]): boolean {
    if (!this.is(...texts)) return false
    this.#at += texts.length
    return true
  }

  expect(...texts: readonly string[]): void {
    if (!this.accept(...texts)) this.fail()
  }

  isName(): boolean {
    const { kind, text } = this.peek()
    return kind === 'name' || (kind === 'word' && !keywords.has(text.toUpperCase()))
  }

  /** The next token as a name. */
  name(): Name {
    if (!this.isName()) this.fail()
    const token = this.next()
    return {
      name: foldedFor[this.engine](token),
      exact: token.text,
      shown: shownOf(token, this.#at - 1),
      span: { start: token.start, end: token.end },
    }
  }

  /** Names with dots between them. */
  path(): readonly Name[] {
    const parts = [this.name()]
    while (this.is('.') && this.peek(1).text !== '*') {
      this.next()
      parts.push(this.name())
    }
    return parts
  }

  /**
   * Takes note of a name of a table or of an alias. Servers of MySQL disagree whether case tells such
   * names apart, so that a text must write each in one way.
   */
  tableName({ name, exact, span }: Name): void {
    const known = this.#tableNames.get(name) ?? exact
    if (this.engine === 'mysql' && known !== exact) {
      const message = `Write ${known} and ${exact} in the same case, or give them other names.`
      refuse('construct-refused', message, span, exact)
    }
    this.#tableNames.set(name, exact)
  }

  /** A string that the parser was given in place of the one that stands here. */
  string(given: unknown): Token {
    const token = this.peek()
    if (token.kind !== 'string' || given !== shownOf(token, this.#at)) this.fail()
    return this.next()
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

  /** The tree does not say what stands here. */
  fail(): never {
    const { start, end: stop } = this.isAtEnd ? (this.#tokens.at(-1) ?? end) : this.peek()
    return refuse(
      'construct-refused',
      'The parser of the portable dialect has not read everything that stands here; write it more plainly.',
      { start, end: stop },
    )
  }
}

/** How a token is given to the parser: quoted names and strings are numbered, so that it cannot misread them. */
export function shownOf({ kind, text }: Token, index: number): string {
  return kind === 'name' || kind === 'string' ? `q_${index}_q` : text
}
