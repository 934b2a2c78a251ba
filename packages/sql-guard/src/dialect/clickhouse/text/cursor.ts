import { TokenCursor } from '../../text/cursor.ts'
import { neverAlias, reserved } from './words.ts'

/** A place in the tokens of a text of ClickHouse, whose names keep their case. */
export class Cursor extends TokenCursor {
  protected override readonly startsQuery = startsQuery

  /** The next token as a name; a word of the grammar is none. */
  name(): string {
    return this.isName() ? this.next().text : this.fail()
  }

  /** The next token as a name where every word is one: after a dot and after AS. */
  anyName(): string {
    const { kind } = this.peek()
    return kind === 'word' || kind === 'name' ? this.next().text : this.fail()
  }

  isName(): boolean {
    const { kind, keyword = '' } = this.peek()
    if (kind === 'word' && keyword === 'FORMAT') return this.#isColumnFormat()
    return kind === 'name' || (kind === 'word' && !reserved.has(keyword))
  }

  /** `format` is a name like any other, unless the name of a format follows. */
  #isColumnFormat(): boolean {
    const { kind, keyword = '' } = this.peek(1)
    return kind === 'symbol' || (kind === 'word' && reserved.has(keyword))
  }

  /** An alias with or without AS. */
  alias(): string | undefined {
    if (this.accept('AS')) return this.anyName()
    const { kind, keyword = '' } = this.peek()
    return this.isName() && (kind === 'name' || !neverAlias.has(keyword)) ? this.name() : undefined
  }
}

const startsQuery: ReadonlySet<string> = new Set(['SELECT', 'WITH'])
