import type { ParseBounds } from '../dialect.ts'
import { refuse } from '../refusal.ts'
import { TokenWalk } from './walk.ts'

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
export abstract class TokenCursor extends TokenWalk<Token> {
  constructor(tokens: readonly Token[], bounds: ParseBounds) {
    super(tokens, end, bounds)
  }

  /** Words that begin a query. */
  protected abstract readonly startsQuery: ReadonlySet<string>

  protected override codeOf({ kind, keyword, text }: Token): string | undefined {
    return kind === 'word' || kind === 'symbol' ? (keyword ?? text) : undefined
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
      const after = this.tokenAt(closing + 1)
      if (!followsQuery.has(after.keyword ?? after.text) || after.kind === 'string') return false
      from++
    }
    const { kind, keyword, text } = this.peek(from + 1)
    const isWord = kind === 'word' && this.startsQuery.has(keyword ?? text)
    return this.peek(from).text === '(' && isWord
  }

  override fail(): never {
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
