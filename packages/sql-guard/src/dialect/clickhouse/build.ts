import type { Token } from '../text/cursor.ts'
import type { Expression, Query, Select } from '../tree.ts'
import type { Grammar } from './grammar.ts'
import type { Cursor } from './text/cursor.ts'

/** A select with nothing but the parts that are given. */
export function plainSelect(parts: Partial<Select>, span: Select['span']): Select {
  return {
    kind: 'select',
    items: [],
    from: [],
    where: undefined,
    group: [],
    having: undefined,
    windows: [],
    distinctOn: [],
    span,
    ...parts,
  }
}

/** A query with nothing but one select. */
export function plainQuery(parts: Partial<Select>, span: Select['span']): Query {
  return {
    with: [],
    isRecursive: false,
    body: plainSelect(parts, span),
    order: [],
    limit: undefined,
    offset: undefined,
    isLimitExact: true,
    span,
  }
}

/** A query in brackets as an operand. */
export function subquery(
  cursor: Cursor,
  grammar: Grammar,
  start: Token,
  form: 'scalar' | 'exists' | 'compare',
): Expression {
  cursor.expect('(')
  const query = grammar.query()
  cursor.expect(')')
  return { kind: 'query', form, operands: [], query, span: cursor.span(start) }
}

/** One operand by itself, or an operator over several. */
export function combined(
  cursor: Cursor,
  start: Token,
  operands: readonly Expression[],
): Expression {
  const [only] = operands
  if (operands.length === 1 && only !== undefined) return only
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

/** Whether a star stands for columns of the query that an expression is a part of. */
export function holdsStar(expression: Expression): boolean {
  switch (expression.kind) {
    case 'star':
      return true
    case 'operator':
    case 'query':
      return expression.operands.some(holdsStar)
    case 'cast':
    case 'field':
      return holdsStar(expression.operand)
    case 'call': {
      const { args, order, filter, over } = expression
      const inWindow = over === undefined ? [] : [...over.partition, ...over.order, ...over.frame]
      const own = filter === undefined ? [] : [filter]
      return [...args, ...order, ...own, ...inWindow].some(holdsStar)
    }
    case 'column':
    case 'literal':
    case 'parameter':
      return false
  }
}

/** A constant of which only its being one matters. */
export function literal(cursor: Cursor, start: Token): Expression {
  return { kind: 'literal', integer: undefined, span: cursor.span(start) }
}
