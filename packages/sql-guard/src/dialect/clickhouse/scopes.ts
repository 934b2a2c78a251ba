import type { Span } from '../../guard/verdict.ts'
import { refuse } from '../refusal.ts'
import type { Expression, NamedExpression } from '../tree.ts'

/** Places of names that one text has at the most, where it names a select's expressions anew. */
const maxCopies = 20_000

/**
 * Sees to it that names mean the same wherever ClickHouse looks them up.
 *
 * It resolves the text of a common table and of an alias where they are used, not where they are
 * written, so that names in them can be caught by others. A statement is refused where a table name
 * could be; aliases that are defined twice are marked, so that only their own select may use them.
 */
export class Scopes {
  /** Aliases of the selects around, the innermost last. */
  readonly #levels: NamedExpression[][] = []
  /** The aliases of these, by their names. */
  readonly #inReach = new Map<string, NamedExpression[]>()
  /** The first alias of each name in the text. */
  readonly #first = new Map<string, NamedExpression>()
  readonly #tableAliases = new Set<string>()
  readonly #commonTables = new Set<string>()
  /** Common tables whose names are settled at this place. */
  readonly #visible = new Set<string>()
  /** Names of tables that stood where no common table of the name was to be seen. */
  #outside: string[] = []
  /** Names on the right side of IN, which may be tables or columns. */
  readonly #members = new Map<string, Span>()
  #copies = 0

  /** Reads something whose aliases are those of one select. */
  within<Result>(read: () => Result): { readonly result: Result; readonly own: NamedExpression[] } {
    const own: NamedExpression[] = []
    this.#levels.push(own)
    const result = read()
    this.#levels.pop()
    for (const { name } of own) this.#inReach.get(name)?.pop()
    return { result, own }
  }

  /** Reads something that sees aliases which have been read already. */
  beside<Result>(aliases: readonly NamedExpression[], read: () => Result): Result {
    if (aliases.length === 0) return read()
    for (const alias of aliases) this.#reach(alias)
    const result = read()
    for (const { name } of aliases) this.#inReach.get(name)?.pop()
    return result
  }

  /** Notes that some aliases belong to one more select. */
  copied(aliases: readonly NamedExpression[], span: Span): void {
    this.#copies += aliases.length
    if (this.#copies > maxCopies) {
      refuse('limit-exceeded', 'The names of WITH belong to too many selects.', span)
    }
  }

  /** Notes the alias of an expression, which any other expression of the select may use. */
  name(name: string, expression: Expression, isApart = false): void {
    const level = this.#levels.at(-1)
    if (level === undefined) return
    const named: NamedExpression = { name, expression, isOnly: true, isApart }
    const first = this.#first.get(name)
    if (first === undefined) this.#first.set(name, named)
    else first.isOnly = named.isOnly = false
    level.push(named)
    this.#reach(named)
  }

  #reach(named: NamedExpression): void {
    const known = this.#inReach.get(named.name)
    if (known === undefined) this.#inReach.set(named.name, [named])
    else known.push(named)
  }

  /** The aliases of a name that have been read in the selects around this place. */
  named(name: string): readonly NamedExpression[] {
    return this.#inReach.get(name) ?? []
  }

  tableAlias(alias: string): void {
    this.#tableAliases.add(alias)
  }

  member(name: string, span: Span): void {
    if (!this.#members.has(name)) this.#members.set(name, span)
  }

  /** Notes a name in FROM that may be one of a common table. */
  table(name: string): void {
    if (!this.#visible.has(name)) this.#outside.push(name)
  }

  /**
   * Settles the name of a common table from its own text on, where it means what is outside, or the
   * recursion.
   */
  commonTable(name: string): void {
    if (this.#visible.has(name)) {
      refuse(
        'construct-refused',
        `A common table is called ${name} within reach of another; give each a name of its own.`,
        { start: 0, end: 0 },
        name,
      )
    }
    this.#visible.add(name)
    this.#commonTables.add(name)
  }

  /** Reads a query, whose common tables are not to be seen behind it. */
  query<Result>(read: (names: string[]) => Result): Result {
    const names: string[] = []
    const result = read(names)
    for (const name of names) this.#visible.delete(name)
    return result
  }

  /** Reads a list of which every part sees the common tables of all of it. */
  list(read: (apart: (part: () => void) => void) => void): void {
    const noted: string[] = []
    read((part) => {
      const before = this.#outside
      this.#outside = noted
      part()
      this.#outside = before
    })
    for (const name of noted) this.table(name)
  }

  /** Refuses the statement where a name could mean something else than it seems to. */
  check(): void {
    for (const [name, span] of this.#members) {
      if (this.#first.has(name) || this.#tableAliases.has(name)) {
        refuse(
          'construct-refused',
          `The name ${name} after IN is also an alias; write a subquery instead.`,
          span,
          name,
        )
      }
    }
    for (const name of this.#outside) {
      if (!this.#commonTables.has(name)) continue
      refuse(
        'construct-refused',
        `The name ${name} is a common table elsewhere in the text; give that one another name.`,
        { start: 0, end: 0 },
        name,
      )
    }
  }
}
