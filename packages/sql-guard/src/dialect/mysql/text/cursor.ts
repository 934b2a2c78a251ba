import { caseless } from '../../caseless.ts'
import { refuse } from '../../refusal.ts'
import { TokenCursor } from '../../text/cursor.ts'
import { reserved } from './words.ts'

/** A place in the tokens of a text of MySQL. */
export class Cursor extends TokenCursor {
  protected override readonly startsQuery = startsQuery

  readonly #tableNames = new Map<string, string>()

  /** The next token as a name, folded; a word of the grammar is none. */
  name(): string {
    return caseless(this.exactName())
  }

  /** The next token as a name in the case in which it is written. */
  exactName(): string {
    if (!this.isName()) return this.fail()
    const { text, written = text } = this.next()
    return written
  }

  /**
   * Takes note of a name of a table or of an alias. Servers disagree whether case tells such names
   * apart, so that a text must write each in one way.
   */
  tableName(written: string, kind: 'schema' | 'table' = 'table'): void {
    const key = `${kind} ${caseless(written)}`
    const known = this.#tableNames.get(key)
    if (known === undefined) this.#tableNames.set(key, written)
    else if (known !== written) {
      const message = `Write ${known} and ${written} in the same case, or give them other names.`
      refuse('construct-refused', message, this.span(this.peek()), written)
    }
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
    return kind === 'name' || (kind === 'word' && !reserved.has(text) && !this.isOffset())
  }

  /** Whether `OFFSET` begins a clause here; to some servers it is a name elsewhere. */
  isOffset(): boolean {
    const { kind } = this.peek(1)
    return this.is('OFFSET') && (kind === 'number' || kind === 'parameter')
  }
}

const startsQuery: ReadonlySet<string> = new Set(['SELECT', 'WITH', 'VALUES', 'TABLE'])
