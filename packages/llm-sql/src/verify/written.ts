import { blocksOf, type Block } from '../steps/repair/sql/blocks.ts'
import { is, lex, type SqlToken } from '../steps/repair/sql/lex.ts'

/** A statement as text, in its words. */
export interface WrittenText {
  readonly sql: string
  readonly tokens: readonly SqlToken[]
  readonly blocks: readonly Block[]
}

/** One `SELECT` as it is written. */
export interface WrittenSelect {
  /** The whole of it. */
  readonly text: string
  /** What stands before it in the statement. */
  readonly before: string
  /** What it reads: tables, joins and conditions, up to its groups. */
  readonly source: string
  /** Whether it is the list of a `NOT IN`. */
  readonly isExcluded: boolean
  /** How each thing that it reads is called, by that name in lower case. */
  readonly names: ReadonlyMap<string, string>
}

/** Splits a statement into words and finds every `SELECT` in it. */
export function readText(sql: string): WrittenText {
  const tokens = lex(sql)
  return { sql, tokens, blocks: blocksOf(tokens) }
}

/** The innermost `SELECT` in whose `FROM` a place of the text stands. Parsers agree on no other place. */
export function writtenSelect(
  { sql, tokens, blocks }: WrittenText,
  place: number,
): WrittenSelect | undefined {
  const start = (at: number): number => tokens[at]?.start ?? sql.length
  const end = (at: number): number => tokens[at - 1]?.end ?? 0
  const block = blocks.findLast(({ clauses }) => {
    const from = clauses.get('from')
    return from !== undefined && start(from.from) <= place && place < end(from.to)
  })
  const from = block?.clauses.get('from')
  if (block === undefined || from === undefined) return undefined
  const last = block.clauses.get('where') ?? from
  return {
    text: sql.slice(start(block.from), end(block.to)),
    before: sql.slice(0, start(block.from)),
    source: sql.slice(start(from.from), end(last.to)),
    isExcluded:
      is(tokens[block.from - 1], '(') &&
      is(tokens[block.from - 2], 'in') &&
      is(tokens[block.from - 3], 'not'),
    names: new Map(block.relations.map(({ alias, written }) => [alias, written])),
  }
}
