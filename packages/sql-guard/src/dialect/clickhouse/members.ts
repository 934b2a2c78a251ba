import type { Expression, Query } from '../tree.ts'
import { plainQuery, subquery } from './build.ts'
import type { Grammar } from './grammar.ts'
import type { Cursor } from './text/cursor.ts'

/** Whether `GLOBAL` here begins an `IN`, and not a join. */
export function isMember(cursor: Cursor, at: number): boolean {
  const next = cursor.peek(at + 1).keyword
  return next === 'IN' || (next === 'NOT' && cursor.peek(at + 2).keyword === 'IN')
}

/** The right side of `IN`, where a bare name may be a column, an alias or a whole table. */
export function member(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  const start = cursor.peek()
  if (cursor.opensQuery()) return [subquery(cursor, grammar, start, 'compare')]
  const isBracketed = cursor.is('(') && nameLength(cursor, 1) > 0
  const length = nameLength(cursor, isBracketed ? 1 : 0)
  const after = cursor.peek(length + (isBracketed ? 1 : 0))
  const isAlone = isBracketed ? after.text === ')' : !['(', '[', '::'].includes(after.text)
  if (length === 0 || !isAlone) return [grammar.chain()]
  if (isBracketed) cursor.next()
  const found = bareName(cursor, grammar)
  if (isBracketed) cursor.expect(')')
  return [found]
}

/** Tokens of a name with dots that begins at a place; none where there is no name. */
function nameLength(cursor: Cursor, from: number): number {
  const { kind, keyword } = cursor.peek(from)
  if (kind !== 'name' && kind !== 'word') return 0
  if (keyword === 'NULL' || keyword === 'TRUE' || keyword === 'FALSE') return 0
  let length = 1
  while (
    cursor.peek(from + length).text === '.' &&
    cursor.peek(from + length + 1).kind !== 'number'
  ) {
    length += 2
  }
  return length
}

function bareName(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  const path = [cursor.name()]
  while (cursor.accept('.')) path.push(cursor.anyName())
  const span = cursor.span(start)
  const [first = ''] = path
  if (grammar.parameters.at(-1)?.includes(first) === true) {
    return { kind: 'literal', integer: undefined, span }
  }
  const column: Expression = { kind: 'column', parts: path, span }
  if (grammar.scopes.named(first).length > 0) return column
  grammar.scopes.member(first, span)
  if (path.length === 1) grammar.scopes.table(first)
  const query: Query = plainQuery(
    {
      items: [{ expression: { kind: 'star', parts: [], span }, alias: undefined, span }],
      from: [{ kind: 'table', path, alias: undefined, columns: [], sample: [], span }],
    },
    span,
  )
  const operands: readonly Expression[] = [
    { ...column, isOptional: true },
    { kind: 'query', form: 'compare', operands: [], query, span },
  ]
  return { kind: 'operator', symbols: [], operands, span }
}
