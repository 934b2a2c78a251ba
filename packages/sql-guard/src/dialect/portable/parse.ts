import type { ParseBounds, ParsedText } from '../dialect.ts'
import { orFinding, refuse } from '../refusal.ts'
import type { Statement } from '../tree.ts'
import { Cursor } from './text/cursor.ts'
import { givenText } from './text/given.ts'
import { expression, list, over } from './expressions.ts'
import type { Grammar } from './grammar.ts'
import { query, sorted } from './query.ts'
import { type PortableEngine, type Token, tokenize } from './text/tokens.ts'

const grammar: Grammar = { query, sorted, expression, list, over }

/** Gives the tree of a text, or throws. */
export type Parser = (sql: string) => unknown

/** Reads a text with the parser's tree as a guide; what the tree does not account for is refused. */
export function parsePortable(
  text: string,
  bounds: ParseBounds,
  engine: PortableEngine,
  parser: Parser,
): ParsedText {
  const result = orFinding(() =>
    statements(tokenize(text, engine)).map((tokens) => statement(tokens, bounds, engine, parser)),
  )
  return 'finding' in result
    ? { kind: 'failed', finding: result.finding }
    : { kind: 'parsed', statements: result }
}

function statements(tokens: readonly Token[]): readonly (readonly Token[])[] {
  const all: Token[][] = [[]]
  for (const token of tokens) {
    if (token.kind === 'symbol' && token.text === ';') all.push([])
    else all.at(-1)?.push(token)
  }
  return all.filter((each) => each.length > 0)
}

function statement(
  tokens: readonly Token[],
  bounds: ParseBounds,
  engine: PortableEngine,
  parser: Parser,
): Statement {
  const cursor = new Cursor(tokens, engine, bounds, grammar)
  const first = cursor.peek()
  const span = { start: first.start, end: tokens.at(-1)?.end ?? first.end }
  if (!cursor.is('SELECT') && !cursor.is('WITH') && !cursor.is('(')) {
    return { kind: 'other', name: first.text.toUpperCase().slice(0, 32), span }
  }
  const [tree, ...others] = parsed(tokens, engine, parser, span)
  if (others.length > 0) cursor.fail()
  const found = query(tree, cursor)
  if (!cursor.isAtEnd) cursor.fail()
  return { kind: 'query', query: found, span }
}

function parsed(
  tokens: readonly Token[],
  engine: PortableEngine,
  parser: Parser,
  span: Statement['span'],
): readonly unknown[] {
  const given = givenText(tokens, engine)
  try {
    return [parser(given)].flat()
  } catch (error) {
    if (error instanceof RangeError) throw error
    return refuse('syntax-invalid', 'The portable dialect cannot read the text.', span)
  }
}
