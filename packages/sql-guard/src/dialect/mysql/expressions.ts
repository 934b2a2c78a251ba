import type { Expression, OperatorExpression, Window } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import type { Token } from '../text/cursor.ts'
import { primary } from './primary.ts'
import type { Grammar } from './grammar.ts'
import { units } from './text/words.ts'

const comparisons = ['<=>', '<=', '>=', '<>', '!=', '=', '<', '>']
const arithmetic = ['+', '-', '*', '/', '%', '^', '&', '||', '|', '<<', '>>', 'DIV', 'MOD']

/** A condition: everything down to `AND`, `OR` and `XOR`. */
export function expression(cursor: Cursor, grammar: Grammar): Expression {
  return cursor.nested(() => {
    const start = cursor.peek()
    const operands = [negation(cursor, grammar)]
    while (cursor.acceptOne(['AND', '&&', 'OR', 'XOR']) !== undefined) {
      operands.push(negation(cursor, grammar))
    }
    const condition = combined(cursor, start, operands)
    return operands.length > 1 && condition.kind === 'operator'
      ? { ...condition, isLogical: true }
      : condition
  })
}

function negation(cursor: Cursor, grammar: Grammar): Expression {
  if (!cursor.accept('NOT')) return comparison(cursor, grammar)
  return cursor.nested(() => negation(cursor, grammar))
}

function comparison(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  const operands = [arithmeticChain(cursor, grammar)]
  for (;;) {
    if (cursor.accept('IS')) {
      cursor.accept('NOT')
      if (cursor.acceptOne(['NULL', 'TRUE', 'FALSE', 'UNKNOWN']) === undefined) cursor.fail()
    } else if (cursor.acceptOne(comparisons) !== undefined) {
      operands.push(comparedWith(cursor, grammar))
    } else if (!isPredicate(cursor)) {
      return combined(cursor, start, operands)
    } else {
      cursor.accept('NOT')
      operands.push(...predicate(cursor, grammar))
    }
  }
}

function comparedWith(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  if (cursor.acceptOne(['ANY', 'SOME', 'ALL']) === undefined)
    return arithmeticChain(cursor, grammar)
  cursor.expect('(')
  const query = grammar.query()
  cursor.expect(')')
  return { kind: 'query', form: 'compare', operands: [], query, span: cursor.span(start) }
}

const predicates = ['IN', 'BETWEEN', 'LIKE', 'REGEXP', 'RLIKE']

function isPredicate(cursor: Cursor): boolean {
  const isNegated = cursor.is('NOT')
  const { kind, text } = cursor.peek(isNegated ? 1 : 0)
  return (
    (kind === 'word' && predicates.includes(text)) ||
    (!isNegated && (cursor.is('SOUNDS', 'LIKE') || cursor.is('MEMBER', 'OF')))
  )
}

function predicate(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  if (cursor.accept('BETWEEN')) {
    const from = arithmeticChain(cursor, grammar)
    cursor.expect('AND')
    return [from, arithmeticChain(cursor, grammar)]
  }
  if (cursor.accept('IN')) {
    const start = cursor.peek()
    if (cursor.opensQuery()) {
      cursor.expect('(')
      const query = grammar.query()
      cursor.expect(')')
      return [{ kind: 'query', form: 'compare', operands: [], query, span: cursor.span(start) }]
    }
    cursor.expect('(')
    const items = cursor.list(() => expression(cursor, grammar))
    cursor.expect(')')
    return items
  }
  if (cursor.accept('MEMBER')) {
    cursor.accept('OF')
    cursor.expect('(')
    const item = expression(cursor, grammar)
    cursor.expect(')')
    return [item]
  }
  cursor.accept('SOUNDS')
  cursor.next()
  const pattern = arithmeticChain(cursor, grammar)
  return cursor.accept('ESCAPE') ? [pattern, arithmeticChain(cursor, grammar)] : [pattern]
}

function arithmeticChain(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  const operands = [unary(cursor, grammar)]
  for (;;) {
    if (cursor.accept('COLLATE')) cursor.name()
    else if (cursor.acceptOne(['->>', '->']) !== undefined) {
      cursor.string()
    } else if (cursor.acceptOne(arithmetic) !== undefined) operands.push(unary(cursor, grammar))
    else return combined(cursor, start, operands)
  }
}

function unary(cursor: Cursor, grammar: Grammar): Expression {
  if (cursor.acceptOne(['+', '-', '~', '!']) !== undefined || isBinaryOperator(cursor)) {
    const start = cursor.peek()
    const operand = cursor.nested(() => unary(cursor, grammar))
    // A sign makes another constant.
    return combined(cursor, start, [operand, literal(cursor, start)])
  }
  return primary(cursor, grammar)
}

function isBinaryOperator(cursor: Cursor): boolean {
  return cursor.peek(1).text !== '(' && cursor.accept('BINARY')
}

/** `INTERVAL 1 DAY`; the word has been passed. */
export function interval(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  const amount = expression(cursor, grammar)
  // `INTERVAL(1, 2, 3)` is a function that says between which of its values the first one is.
  if (start.text === '(' && !units.has(cursor.peek().text)) return amount
  if (!units.has(cursor.next().text)) cursor.fail()
  return combined(cursor, start, [amount])
}

/** An `OVER` clause; the word has been passed. */
export function over(cursor: Cursor, grammar: Grammar): Window {
  if (!cursor.is('(')) {
    return { name: cursor.name(), partition: [], order: [], frame: [] }
  }
  return window(cursor, grammar)
}

/** A window between brackets. */
export function window(cursor: Cursor, grammar: Grammar): Window {
  cursor.expect('(')
  const isFrame = ['ROWS', 'RANGE'].includes(cursor.peek().text)
  const name = cursor.isName() && !isFrame && !cursor.is('PARTITION') ? cursor.name() : undefined
  const partition = cursor.accept('PARTITION', 'BY')
    ? cursor.list(() => expression(cursor, grammar))
    : []
  const order = cursor.accept('ORDER', 'BY') ? sortList(cursor, grammar) : []
  const frame: Expression[] = []
  if (cursor.acceptOne(['ROWS', 'RANGE']) !== undefined) {
    if (cursor.accept('BETWEEN')) {
      frame.push(...frameBound(cursor, grammar))
      cursor.expect('AND')
    }
    frame.push(...frameBound(cursor, grammar))
    if (cursor.accept('EXCLUDE')) exclusion(cursor)
  }
  cursor.expect(')')
  return { name, partition, order, frame }
}

function exclusion(cursor: Cursor): void {
  if (cursor.accept('CURRENT', 'ROW') || cursor.accept('NO', 'OTHERS')) return
  if (cursor.acceptOne(['GROUP', 'TIES']) === undefined) cursor.fail()
}

function frameBound(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  if (cursor.accept('CURRENT', 'ROW')) return []
  const bound = cursor.accept('UNBOUNDED') ? [] : [arithmeticChain(cursor, grammar)]
  if (cursor.acceptOne(['PRECEDING', 'FOLLOWING']) === undefined) cursor.fail()
  return bound
}

/** A list to sort by. */
export function sortList(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  return cursor.list(() => {
    const item = expression(cursor, grammar)
    cursor.acceptOne(['ASC', 'DESC'])
    return item
  })
}

/** One operand by itself, or an operator over several. */
export function combined(
  cursor: Cursor,
  start: Token,
  operands: readonly Expression[],
): Expression {
  const [only] = operands
  if (operands.length === 1 && only !== undefined) return only
  const operator: OperatorExpression = {
    kind: 'operator',
    symbols: [],
    operands,
    span: cursor.span(start),
  }
  return operator
}

/** A constant of which only its being one matters. */
export function literal(cursor: Cursor, start: Token): Expression {
  return { kind: 'literal', integer: undefined, span: cursor.span(start) }
}
