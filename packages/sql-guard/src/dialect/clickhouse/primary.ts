import { refuse } from '../refusal.ts'
import type { Token } from '../text/cursor.ts'
import type { Expression } from '../tree.ts'
import { combined, subquery } from './build.ts'
import { call, special } from './calls.ts'

import type { Grammar } from './grammar.ts'
import type { Cursor } from './text/cursor.ts'
import { callable, units } from './text/words.ts'
import { skipType } from './types.ts'

/** Names between dots that one name has at the most. */
const maxParts = 8

/** An operand with the subscripts, parts and casts that follow it. */
export function postfixed(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  const operands = [primary(cursor, grammar)]
  for (;;) {
    if (cursor.accept('[')) {
      operands.push(grammar.expression())
      cursor.expect(']')
    } else if (cursor.accept('::')) skipType(cursor)
    else if (cursor.accept('.')) {
      if (cursor.peek().kind === 'number') cursor.next()
      else cursor.anyName()
    } else return combined(cursor, start, operands)
  }
}

function primary(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  if (start.kind === 'number' || start.kind === 'string') return constant(cursor)
  if (cursor.is('(')) return bracketed(cursor, grammar)
  if (cursor.accept('[')) {
    const operands = cursor.is(']') ? [] : cursor.list(() => grammar.expression())
    cursor.expect(']')
    return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
  }
  const word = start.kind === 'word' ? keyword(cursor, grammar, start) : undefined
  return word ?? reference(cursor, grammar, start)
}

/** A number or a string. */
export function constant(cursor: Cursor): Expression {
  const start = cursor.next()
  const span = cursor.span(start)
  if (start.kind === 'string') {
    return { kind: 'literal', integer: undefined, value: start.text, span }
  }
  const digits = start.text.replaceAll('_', '')
  const integer = /^\d+$/.test(digits) ? Number(digits) : undefined
  return { kind: 'literal', integer, value: Number(digits), span }
}

function bracketed(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  if (cursor.opensQuery()) return subquery(cursor, grammar, start, 'scalar')
  cursor.expect('(')
  const operands = cursor.is(')') ? [] : [...cursor.list(() => grammar.expression())]
  cursor.expect(')')
  if (cursor.is('->')) cursor.fail()
  const [only] = operands
  if (operands.length === 1 && only !== undefined) return only
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

function keyword(cursor: Cursor, grammar: Grammar, start: Token): Expression | undefined {
  const isCall = cursor.peek(1).text === '('
  if (!isCall && cursor.acceptOne(['NULL', 'TRUE', 'FALSE']) !== undefined) {
    return { kind: 'literal', integer: undefined, span: cursor.span(start) }
  }
  if (['DATE', 'TIMESTAMP'].includes(start.keyword ?? '') && cursor.peek(1).kind === 'string') {
    cursor.next()
    return constant(cursor)
  }
  if (cursor.is('INTERVAL') && !isCall && !['.', ',', ')'].includes(cursor.peek(1).text)) {
    cursor.next()
    const amount = cursor.peek().kind === 'string' ? constant(cursor) : grammar.chain()
    const { keyword: unit = '' } = cursor.peek()
    if (units.has(unit)) cursor.next()
    else if (amount.kind !== 'literal') cursor.fail()
    return { kind: 'operator', symbols: [], operands: [amount], span: cursor.span(start) }
  }
  if (cursor.is('CASE')) return cases(cursor, grammar, start)
  if (cursor.is('EXISTS') && cursor.opensQuery(1)) {
    cursor.next()
    return subquery(cursor, grammar, start, 'exists')
  }
  if (cursor.is('COLUMNS', '(')) {
    refuse('construct-refused', 'Name the columns instead of COLUMNS.', cursor.span(start))
  }
  if (!isCall) return undefined
  const found = special(cursor, grammar, start)
  if (found !== undefined || !callable.has(start.keyword ?? '')) return found
  cursor.next()
  return call(cursor, grammar, start, start.text)
}

function cases(cursor: Cursor, grammar: Grammar, start: Token): Expression {
  cursor.next()
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

/** A column, a part of one, a star after a name, or a call. */
function reference(cursor: Cursor, grammar: Grammar, start: Token): Expression {
  const parts = [cursor.name()]
  if (cursor.is('(')) return call(cursor, grammar, start, parts[0] ?? '')
  while (cursor.is('.') && cursor.peek(1).kind !== 'number') {
    cursor.next()
    if (cursor.accept('*')) return { kind: 'star', parts, span: cursor.span(start) }
    parts.push(cursor.anyName())
  }
  const span = cursor.span(start)
  if (parts.length > maxParts) {
    refuse('limit-exceeded', `A name has more than ${maxParts} parts.`, span)
  }
  if (cursor.is('(')) {
    refuse('function-refused', 'Functions must not name a schema.', span, parts.join('.'))
  }
  // A parameter of a lambda comes out of the arrays that the lambda is called with.
  const isParameter = grammar.parameters.at(-1)?.includes(parts[0] ?? '') === true
  return isParameter
    ? { kind: 'literal', integer: undefined, span }
    : { kind: 'column', parts, span }
}
