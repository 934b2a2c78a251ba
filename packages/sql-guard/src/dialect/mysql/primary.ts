import { refuse } from '../refusal.ts'
import type { CallExpression, Expression } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import type { Grammar } from './grammar.ts'
import type { Token } from './text/lexer.ts'
import { bare, callable, units } from './text/words.ts'

/** An operand that is not made of operators. */
export function primary(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  if (start.kind === 'number' || start.kind === 'string') return constant(cursor)
  if (start.kind === 'parameter') {
    cursor.next()
    return { kind: 'parameter', name: '?', span: cursor.span(start) }
  }
  if (cursor.is('(')) return bracketed(cursor, grammar)
  if (start.kind === 'word') {
    const special = keyword(cursor, grammar, start)
    if (special !== undefined) return special
  }
  return reference(cursor, grammar, start)
}

function constant(cursor: Cursor): Expression {
  const start = cursor.next()
  // Strings in a row are one string.
  while (start.kind === 'string' && cursor.peek().kind === 'string') {
    if (start.plain !== undefined || cursor.next().plain !== undefined) {
      refuse('construct-refused', 'Strings in a row must be in single quotes.', cursor.span(start))
    }
  }
  const span = cursor.span(start)
  if (start.plain !== undefined) {
    return { kind: 'literal', integer: undefined, value: start.text, plain: start.plain, span }
  }
  if (start.kind !== 'number')
    return { kind: 'literal', integer: undefined, value: start.text, span }
  const integer = /^\d+$/.test(start.text) ? Number(start.text) : undefined
  return { kind: 'literal', integer, value: Number(start.text), span }
}

function bracketed(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  const isQuery = cursor.opensQuery()
  cursor.expect('(')
  if (isQuery) {
    const query = grammar.query()
    cursor.expect(')')
    return { kind: 'query', form: 'scalar', operands: [], query, span: cursor.span(start) }
  }
  const operands = cursor.list(() => grammar.expression())
  cursor.expect(')')
  const [only] = operands
  if (operands.length === 1 && only !== undefined) return only
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

function keyword(cursor: Cursor, grammar: Grammar, start: Token): Expression | undefined {
  if (cursor.acceptOne(['NULL', 'TRUE', 'FALSE']) !== undefined) {
    return { kind: 'literal', integer: undefined, span: cursor.span(start) }
  }
  if (['DATE', 'TIME', 'TIMESTAMP'].includes(start.text) && cursor.peek(1).kind === 'string') {
    cursor.next()
    return constant(cursor)
  }
  if (start.text.startsWith('_') && cursor.peek(1).kind === 'string') {
    return refuse(
      'construct-refused',
      'A string must not name its character set.',
      cursor.span(start),
    )
  }
  if (cursor.accept('INTERVAL')) return grammar.interval()
  if (cursor.accept('CASE')) return cases(cursor, grammar, start)
  if (cursor.is('EXISTS', '(')) {
    cursor.accept('EXISTS', '(')
    const query = grammar.query()
    cursor.expect(')')
    return { kind: 'query', form: 'exists', operands: [], query, span: cursor.span(start) }
  }
  if (bare.has(start.text) && cursor.peek(1).text !== '(') {
    cursor.next()
    return called(start, undefined, start.text.toLowerCase(), [])
  }
  if (callable.has(start.text) && cursor.peek(1).text === '(') {
    cursor.next()
    return functionCall(cursor, grammar, start, undefined, start.text.toLowerCase())
  }
  return undefined
}

function cases(cursor: Cursor, grammar: Grammar, start: Token): Expression {
  const operands = cursor.is('WHEN') ? [] : [grammar.expression()]
  while (cursor.accept('WHEN')) {
    operands.push(grammar.expression())
    cursor.expect('THEN')
    operands.push(grammar.expression())
  }
  if (cursor.accept('ELSE')) operands.push(grammar.expression())
  cursor.expect('END')
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

/** A column, a star after a name, or a call. */
function reference(cursor: Cursor, grammar: Grammar, start: Token): Expression {
  const parts = [cursor.name()]
  while (cursor.accept('.')) {
    if (cursor.accept('*')) return { kind: 'star', parts, span: cursor.span(start) }
    parts.push(partName(cursor))
  }
  const span = cursor.span(start)
  if (cursor.is('(')) {
    if (parts.length > 2) cursor.fail()
    const [schema, name] = parts.length === 2 ? parts : [undefined, parts[0]]
    return functionCall(cursor, grammar, start, schema, name ?? '')
  }
  if (parts.at(-1) === '_rowid') {
    refuse('construct-refused', 'Name the key itself, not the identity of the row.', span, '_rowid')
  }
  return { kind: 'column', parts, span }
}

/** After a dot, every word is a name. */
function partName(cursor: Cursor): string {
  const { kind, text } = cursor.peek()
  if (kind !== 'word' && kind !== 'name') cursor.fail()
  cursor.next()
  return text.toLowerCase()
}

function called(
  start: Token,
  schema: string | undefined,
  name: string,
  args: readonly Expression[],
): CallExpression {
  return {
    kind: 'call',
    schema,
    name,
    args,
    order: [],
    filter: undefined,
    over: undefined,
    span: { start: start.start, end: start.end },
  }
}

function functionCall(
  cursor: Cursor,
  grammar: Grammar,
  start: Token,
  schema: string | undefined,
  name: string,
): Expression {
  cursor.expect('(')
  const args: Expression[] = []
  let order: readonly Expression[] = []
  if (!cursor.is(')')) {
    cursor.acceptOne(['DISTINCT', 'ALL'])
    cursor.acceptOne(['BOTH', 'LEADING', 'TRAILING'])
    if (!cursor.accept('*')) args.push(...argumentsOf(cursor, grammar, name))
    if (cursor.accept('ORDER', 'BY')) order = grammar.sortList()
    if (cursor.accept('SEPARATOR')) cursor.string()
  }
  cursor.expect(')')
  if (name === 'match') args.push(...against(cursor, grammar))
  const call = { ...called(start, schema, name, args), order }
  return cursor.accept('OVER') ? { ...call, over: grammar.over() } : call
}

function argumentsOf(cursor: Cursor, grammar: Grammar, name: string): readonly Expression[] {
  const isUnit = units.has(cursor.peek().text) && cursor.peek().kind === 'word'
  if (isUnit && ['timestampdiff', 'timestampadd', 'extract'].includes(name)) {
    cursor.next()
    if (!cursor.accept('FROM')) cursor.expect(',')
  }
  if (name === 'position') {
    const part = primary(cursor, grammar)
    cursor.expect('IN')
    return [part, grammar.expression()]
  }
  if (name === 'convert') {
    const value = grammar.expression()
    if (cursor.accept(',')) return [value, ...typeName(cursor)]
    cursor.expect('USING')
    cursor.name()
    return [value]
  }
  const args = cursor.accept('FROM')
    ? [grammar.expression()]
    : [...cursor.list(() => grammar.expression())]
  for (;;) {
    if (cursor.acceptOne(['FROM', 'FOR']) !== undefined) args.push(grammar.expression())
    else if (cursor.accept('AS')) return [...args, ...typeName(cursor)]
    else if (cursor.accept('USING')) {
      cursor.name()
      return args
    } else return args
  }
}

const typeWords = new Set(
  'BINARY CHAR CHARACTER NCHAR DATE DATETIME DECIMAL DEC NUMERIC DOUBLE PRECISION FLOAT REAL SIGNED UNSIGNED INTEGER INT JSON TIME YEAR VARCHAR SET UTF8 UTF8MB4 LATIN1 ASCII UNICODE'.split(
    ' ',
  ),
)

/** The type after `CAST(x AS`. */
function typeName(cursor: Cursor): readonly Expression[] {
  while (!cursor.is(')')) {
    const { kind, text } = cursor.peek()
    if (cursor.accept('(')) {
      cursor.list(() => (cursor.peek().kind === 'number' ? cursor.next() : cursor.fail()))
      cursor.expect(')')
    } else if (kind === 'word' && typeWords.has(text)) cursor.next()
    else cursor.fail()
  }
  return []
}

/** What follows `MATCH (...)`. */
function against(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  cursor.expect('AGAINST', '(')
  const start = cursor.peek()
  const text = start.kind === 'string' ? constant(cursor) : primary(cursor, grammar)
  if (!cursor.accept('IN', 'BOOLEAN', 'MODE')) cursor.accept('IN', 'NATURAL', 'LANGUAGE', 'MODE')
  cursor.accept('WITH', 'QUERY', 'EXPANSION')
  cursor.expect(')')
  return [text]
}
