import type { ParseBounds, ParsedText } from '../dialect.ts'
import { orFinding } from '../refusal.ts'
import type { Statement } from '../tree.ts'
import { Cursor } from './text/cursor.ts'
import { expression, interval, over, sortList } from './expressions.ts'
import type { Grammar } from './grammar.ts'
import { tokenize } from './text/lexer.ts'
import { primary } from './primary.ts'
import { query } from './query.ts'

/** Parses a text by the grammar of queries; any other statement is only named. */
export function parseMysql(text: string, bounds: ParseBounds): ParsedText {
  const result = orFinding(() => statements(new Cursor(tokenize(text), bounds)))
  return 'finding' in result
    ? { kind: 'failed', finding: result.finding }
    : { kind: 'parsed', statements: result }
}

function statements(cursor: Cursor): readonly Statement[] {
  const grammar: Grammar = {
    query: () => query(cursor, grammar),
    expression: () => expression(cursor, grammar),
    operand: () => primary(cursor, grammar),
    interval: () => interval(cursor, grammar),
    over: () => over(cursor, grammar),
    sortList: () => sortList(cursor, grammar),
  }
  const list: Statement[] = []
  for (;;) {
    while (cursor.accept(';'));
    if (cursor.peek().kind === 'end') return list
    list.push(statement(cursor, grammar))
    if (cursor.peek().kind !== 'end') cursor.expect(';')
  }
}

function statement(cursor: Cursor, grammar: Grammar): Statement {
  const start = cursor.peek()
  if (startsQuery(cursor)) {
    return { kind: 'query', query: grammar.query(), span: cursor.span(start) }
  }
  if (cursor.acceptOne(['EXPLAIN', 'DESCRIBE', 'DESC']) !== undefined) {
    if (cursor.is('SELECT') || cursor.is('WITH')) {
      const inner = statement(cursor, grammar)
      return { kind: 'explain', runs: false, statement: inner, span: cursor.span(start) }
    }
  }
  while (!cursor.is(';') && cursor.peek().kind !== 'end') cursor.next()
  return { kind: 'other', name: start.text.slice(0, 32), span: cursor.span(start) }
}

/** A `WITH` before anything but a query is another statement. */
function startsQuery(cursor: Cursor): boolean {
  return (
    cursor.is('SELECT') ||
    cursor.is('WITH') ||
    cursor.is('VALUES') ||
    cursor.is('TABLE') ||
    cursor.opensQuery()
  )
}
