import type { ParseBounds } from '../../dialect.ts'
import { caseless } from '../../caseless.ts'
import { refuse } from '../../refusal.ts'
import { folded } from '../../sqlite/fold.ts'
import { TokenWalk } from '../../text/walk.ts'
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
export class Cursor extends TokenWalk<Token> {
  readonly engine: PortableEngine
  readonly grammar: Grammar
  readonly #tableNames = new Map<string, string>()

  constructor(
    tokens: readonly Token[],
    engine: PortableEngine,
    bounds: ParseBounds,
    grammar: Grammar,
  ) {
    super(tokens, end, bounds)
    this.engine = engine
    this.grammar = grammar
  }

  /** A word in upper case, or a symbol. */
  protected override codeOf({ kind, text }: Token): string | undefined {
    if (kind === 'symbol') return text
    return kind === 'word' ? text.toUpperCase() : undefined
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
      shown: shownOf(token, this.index - 1),
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
    if (token.kind !== 'string' || given !== shownOf(token, this.index)) this.fail()
    return this.next()
  }

  /** The tree does not say what stands here. */
  override fail(): never {
    const { start, end: stop } = this.isAtEnd ? this.tokenAt(this.index - 1) : this.peek()
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
