import type { ParseBounds, ParsedText } from '../dialect.ts'
import { orFinding } from '../refusal.ts'
import type { Statement } from '../tree.ts'
import { chain, expression, plain, window } from './expressions.ts'
import type { Grammar } from './grammar.ts'
import { query, sortList } from './query.ts'
import { Scopes } from './scopes.ts'
import { Cursor } from './text/cursor.ts'
import { tokenize } from './text/lexer.ts'

/** Parses a text by the grammar of queries; any other statement is only named. */
export function parseClickhouse(text: string, bounds: ParseBounds): ParsedText {
  const result = orFinding(() => statements(new Cursor(tokenize(text), bounds)))
  return 'finding' in result
    ? { kind: 'failed', finding: result.finding }
    : { kind: 'parsed', statements: result }
}

function statements(cursor: Cursor): readonly Statement[] {
  const list: Statement[] = []
  for (;;) {
    while (cursor.accept(';'));
    if (cursor.peek().kind === 'end') return list
    const grammar = grammarOf(cursor)
    const next = statement(cursor, grammar)
    grammar.scopes.check()
    list.push(next)
    if (cursor.peek().kind !== 'end') cursor.expect(';')
  }
}

function grammarOf(cursor: Cursor): Grammar {
  const grammar: Grammar = {
    query: () => query(cursor, grammar),
    expression: () => expression(cursor, grammar),
    plain: () => plain(cursor, grammar),
    chain: () => chain(cursor, grammar),
    window: () => window(cursor, grammar),
    sortList: () => sortList(cursor, grammar),
    scopes: new Scopes(),
    parameters: [],
  }
  return grammar
}

function statement(cursor: Cursor, grammar: Grammar): Statement {
  const start = cursor.peek()
  if (cursor.is('SELECT') || cursor.is('WITH') || cursor.opensQuery()) {
    return { kind: 'query', query: grammar.query(), span: cursor.span(start) }
  }
  if (cursor.accept('EXPLAIN')) {
    cursor.accept('PLAN')
    if (cursor.is('SELECT') || cursor.is('WITH')) {
      const inner = statement(cursor, grammar)
      return { kind: 'explain', runs: false, statement: inner, span: cursor.span(start) }
    }
  }
  while (!cursor.is(';') && cursor.peek().kind !== 'end') cursor.next()
  return { kind: 'other', name: start.text.slice(0, 32), span: cursor.span(start) }
}
