import { caseless } from '../caseless.ts'
import { refuse } from '../refusal.ts'
import type { Expression } from '../tree.ts'
import { against, called, functionCall } from './calls.ts'
import type { Cursor } from './text/cursor.ts'
import type { Grammar } from './grammar.ts'
import type { Token } from '../text/cursor.ts'
import { bare, callable, characterSets } from './text/words.ts'

/** An operand that is not made of operators. */
export function primary(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  if (start.kind === 'number' || start.kind === 'string') return constant(cursor)
  if (start.kind === 'parameter') {
    cursor.next()
    return { kind: 'parameter', name: '?', span: cursor.span(start) }
  }
  if (start.kind === 'variable') {
    cursor.next()
    return called(start, undefined, start.text, [])
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
  if (start.text.startsWith('_') && ['string', 'number'].includes(cursor.peek(1).kind)) {
    if (!characterSets.has(start.text)) {
      const message = 'The character set before the string is not known.'
      refuse('construct-refused', message, cursor.span(start))
    }
    cursor.next()
    return constant(cursor)
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
  if (cursor.is('MATCH') && cursor.peek(1).text !== '(') {
    cursor.next()
    const columns = cursor.list(() => primary(cursor, grammar))
    const text = against(cursor, grammar)
    return called(start, undefined, 'match', [...columns, text])
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
  const written = [cursor.exactName()]
  let isStar = false
  while (!isStar && cursor.accept('.')) {
    isStar = cursor.accept('*')
    if (!isStar) written.push(partName(cursor))
  }
  const parts = written.map(caseless)
  if (!cursor.is('(')) {
    const [table, ...schemas] = (isStar ? written : written.slice(0, -1)).toReversed()
    if (table !== undefined) cursor.tableName(table)
    for (const schema of schemas) cursor.tableName(schema, 'schema')
  }
  if (isStar) return { kind: 'star', parts, span: cursor.span(start) }
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
  const { kind, text, written = text } = cursor.peek()
  if (kind !== 'word' && kind !== 'name') cursor.fail()
  cursor.next()
  return written
}
