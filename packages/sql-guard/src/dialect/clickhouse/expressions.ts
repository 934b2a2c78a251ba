import type { Expression, Window } from '../tree.ts'
import { combined, literal, subquery } from './build.ts'
import type { Grammar } from './grammar.ts'
import { isMember, member } from './members.ts'
import { postfixed } from './primary.ts'
import type { Cursor } from './text/cursor.ts'

const comparisons = ['<=>', '<=', '>=', '<>', '!=', '==', '=', '<', '>']
const arithmetic = ['+', '-', '*', '/', '%', '||', 'DIV', 'MOD']

/** An expression with the alias that it may have anywhere. */
export function expression(cursor: Cursor, grammar: Grammar): Expression {
  const found = plain(cursor, grammar)
  if (cursor.accept('AS')) grammar.scopes.name(cursor.anyName(), found)
  return found
}

/** A condition: everything down to the ternary operator, `AND` and `OR`. */
export function plain(cursor: Cursor, grammar: Grammar): Expression {
  return cursor.nested(() => {
    const start = cursor.peek()
    const operands = [negation(cursor, grammar)]
    while (cursor.acceptOne(['AND', 'OR']) !== undefined) operands.push(negation(cursor, grammar))
    const condition = combined(cursor, start, operands)
    if (cursor.accept('?')) {
      const yes = plain(cursor, grammar)
      cursor.expect(':')
      // An alias here is that of all three.
      return combined(cursor, start, [condition, yes, plain(cursor, grammar)])
    }
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
  const operands = [chain(cursor, grammar)]
  for (;;) {
    if (cursor.accept('IS')) operands.push(...isTest(cursor, grammar))
    else if (cursor.acceptOne(comparisons) !== undefined) operands.push(compared(cursor, grammar))
    else if (isPredicate(cursor)) {
      cursor.accept('NOT')
      operands.push(...predicate(cursor, grammar))
    } else return combined(cursor, start, operands)
  }
}

function isTest(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  cursor.accept('NOT')
  if (cursor.accept('DISTINCT', 'FROM')) return [chain(cursor, grammar)]
  cursor.expect('NULL')
  return []
}

function compared(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  if (!(cursor.is('ANY') || cursor.is('ALL')) || !cursor.opensQuery(1))
    return chain(cursor, grammar)
  cursor.next()
  return subquery(cursor, grammar, start, 'compare')
}

function isPredicate(cursor: Cursor): boolean {
  const at = cursor.is('NOT') ? 1 : 0
  const { kind, keyword = '' } = cursor.peek(at)
  return kind === 'word' && ['IN', 'GLOBAL', 'BETWEEN', 'LIKE', 'ILIKE', 'REGEXP'].includes(keyword)
    ? keyword !== 'GLOBAL' || isMember(cursor, at)
    : false
}

function predicate(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  if (cursor.accept('GLOBAL')) cursor.accept('NOT')
  if (cursor.accept('IN')) return member(cursor, grammar)
  if (cursor.accept('BETWEEN')) {
    const from = chain(cursor, grammar)
    cursor.expect('AND')
    return [from, chain(cursor, grammar)]
  }
  cursor.next()
  const pattern = chain(cursor, grammar)
  return cursor.accept('ESCAPE') ? [pattern, chain(cursor, grammar)] : [pattern]
}

/** Operands with arithmetic between them. */
export function chain(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  const operands = [unary(cursor, grammar)]
  while (cursor.acceptOne(arithmetic) !== undefined) operands.push(unary(cursor, grammar))
  return combined(cursor, start, operands)
}

function unary(cursor: Cursor, grammar: Grammar): Expression {
  const start = cursor.peek()
  if (cursor.acceptOne(['+', '-']) === undefined) return postfixed(cursor, grammar)
  const operand = cursor.nested(() => unary(cursor, grammar))
  // A sign makes another constant.
  return combined(cursor, start, [operand, literal(cursor, start)])
}

/** A window between brackets, or its name. */
export function window(cursor: Cursor, grammar: Grammar): Window {
  if (!cursor.accept('(')) return { name: cursor.name(), partition: [], order: [], frame: [] }
  const isClause = ['ROWS', 'RANGE', 'GROUPS', 'PARTITION'].includes(cursor.peek().keyword ?? '')
  const name = cursor.isName() && !isClause ? cursor.name() : undefined
  const partition = cursor.accept('PARTITION', 'BY') ? cursor.list(() => grammar.expression()) : []
  const order = cursor.accept('ORDER', 'BY') ? grammar.sortList() : []
  const frame: Expression[] = []
  if (cursor.acceptOne(['ROWS', 'RANGE', 'GROUPS']) !== undefined) {
    if (cursor.accept('BETWEEN')) {
      frame.push(...frameBound(cursor, grammar))
      cursor.expect('AND')
    }
    frame.push(...frameBound(cursor, grammar))
  }
  cursor.expect(')')
  return { name, partition, order, frame }
}

function frameBound(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  if (cursor.accept('CURRENT', 'ROW')) return []
  const bound = cursor.accept('UNBOUNDED') ? [] : [chain(cursor, grammar)]
  if (cursor.acceptOne(['PRECEDING', 'FOLLOWING']) === undefined) cursor.fail()
  return bound
}
