import type { CallExpression, Expression, FromItem, FromJoin, Identifier } from '../tree.ts'
import { refuse } from '../refusal.ts'
import type { Token } from '../text/cursor.ts'
import { joinOf } from '../text/join.ts'
import { holdsStar, plainQuery } from './build.ts'
import { tableFunctions } from './functions.ts'
import type { Grammar } from './grammar.ts'
import type { Cursor } from './text/cursor.ts'

/** The tables after `FROM`. */
export function fromList(cursor: Cursor, grammar: Grammar): readonly FromItem[] {
  let isFirst = true
  return cursor.list(() => {
    if (!isFirst) cursor.join()
    isFirst = false
    return joined(cursor, grammar)
  })
}

function joined(cursor: Cursor, grammar: Grammar): FromItem {
  const start = cursor.peek()
  let left = factor(cursor, grammar)
  for (;;) {
    if (cursor.accept('LEFT', 'ARRAY', 'JOIN') || cursor.accept('ARRAY', 'JOIN')) {
      left = arrayJoin(cursor, grammar, start, left)
      continue
    }
    const isNatural = cursor.accept('NATURAL')
    if (!joinWords(cursor)) {
      if (isNatural) cursor.fail()
      return left
    }
    cursor.join()
    const right = factor(cursor, grammar)
    left = joinOf(left, right, {
      isNatural,
      ...(isNatural ? {} : condition(cursor, grammar)),
      span: cursor.span(start),
    })
  }
}

const joinKinds = ['INNER', 'LEFT', 'RIGHT', 'FULL', 'CROSS', 'PASTE', 'OUTER']
const joinStrictness = ['ANY', 'ALL', 'ASOF', 'SEMI', 'ANTI', 'GLOBAL', 'LOCAL']

function joinWords(cursor: Cursor): boolean {
  if (cursor.accept('JOIN')) return true
  if (cursor.acceptOne([...joinStrictness, ...joinKinds]) === undefined) return false
  while (cursor.acceptOne([...joinStrictness, ...joinKinds]) !== undefined);
  cursor.expect('JOIN')
  return true
}

function condition(cursor: Cursor, grammar: Grammar): Partial<FromJoin> {
  if (cursor.accept('ON')) return { on: grammar.expression() }
  if (!cursor.accept('USING')) return {}
  if (!cursor.accept('(')) {
    const using = [identifier(cursor)]
    // Whether a comma goes on with columns or with tables must not be guessed.
    if (cursor.is(',')) cursor.fail()
    return { using }
  }
  const using = cursor.list(() => identifier(cursor))
  cursor.expect(')')
  return { using }
}

function identifier(cursor: Cursor): Identifier {
  const { start, end } = cursor.peek()
  return { name: cursor.name(), span: { start, end } }
}

/** The elements of arrays as rows; those with an alias are columns of their own. */
function arrayJoin(cursor: Cursor, grammar: Grammar, start: Token, left: FromItem): FromItem {
  const span = cursor.span(start)
  const found = cursor.list(() => {
    const at = cursor.peek()
    const expression = grammar.plain()
    if (holdsStar(expression)) {
      const message = 'Name the columns instead of a star in ARRAY JOIN.'
      refuse('construct-refused', message, cursor.span(at))
    }
    const alias = cursor.alias()
    return { expression, alias, span: cursor.span(at) }
  })
  const items = found.filter(({ alias }) => alias !== undefined)
  const others = found.flatMap(({ alias, expression }) => (alias === undefined ? [expression] : []))
  const where: Expression | undefined =
    others.length === 0
      ? undefined
      : { kind: 'operator', symbols: [], operands: others, span: cursor.span(start) }
  const query = plainQuery({ items, where }, cursor.span(start))
  return joinOf(
    left,
    { kind: 'subquery', query, alias: undefined, columns: [], isLateral: true, span },
    { span: cursor.span(start) },
  )
}

function factor(cursor: Cursor, grammar: Grammar): FromItem {
  const start = cursor.peek()
  if (cursor.is('(')) {
    if (!cursor.opensQuery()) return cursor.nested(() => bracketed(cursor, grammar))
    cursor.expect('(')
    const query = grammar.query()
    cursor.expect(')')
    const alias = tableAlias(cursor, grammar)
    return {
      kind: 'subquery',
      query,
      alias,
      columns: [],
      isLateral: false,
      span: cursor.span(start),
    }
  }
  const path = [cursor.name()]
  if (cursor.is('(')) return tableFunction(cursor, grammar, start, path[0] ?? '')
  while (cursor.accept('.')) path.push(cursor.anyName())
  if (path.length === 1) grammar.scopes.table(path[0] ?? '')
  const span = cursor.span(start)
  const alias = tableAlias(cursor, grammar)
  cursor.accept('FINAL')
  const sample = cursor.accept('SAMPLE') ? ratio(cursor) : []
  if (sample.length > 0 && cursor.accept('OFFSET')) ratio(cursor)
  return { kind: 'table', path, alias, columns: [], sample, span }
}

function tableAlias(cursor: Cursor, grammar: Grammar): string | undefined {
  const alias = cursor.alias()
  if (alias !== undefined && cursor.is('(')) {
    const span = cursor.span(cursor.peek())
    refuse('construct-refused', 'Name the columns inside of the subquery.', span)
  }
  if (alias !== undefined) grammar.scopes.tableAlias(alias)
  return alias
}

/** `0.1`, or `1 / 10`. */
function ratio(cursor: Cursor): readonly Expression[] {
  const start = cursor.peek()
  if (cursor.next().kind !== 'number') cursor.fail()
  if (cursor.accept('/') && cursor.next().kind !== 'number') cursor.fail()
  return [{ kind: 'literal', integer: undefined, span: cursor.span(start) }]
}

function bracketed(cursor: Cursor, grammar: Grammar): FromItem {
  const start = cursor.next()
  const [first, ...others] = fromList(cursor, grammar)
  cursor.expect(')')
  if (first === undefined) return cursor.fail()
  return others.reduce<FromItem>(
    (left, right) => joinOf(left, right, { span: cursor.span(start) }),
    first,
  )
}

/** Only functions that count: every other one reads something that the guard does not see. */
function tableFunction(cursor: Cursor, grammar: Grammar, start: Token, name: string): FromItem {
  if (!tableFunctions.has(name)) {
    const span = { start: start.start, end: start.end }
    refuse('function-refused', `The table function ${name} is not allowed.`, span, name)
  }
  cursor.expect('(')
  const args = cursor.list(() => grammar.expression())
  cursor.expect(')')
  const span = cursor.span(start)
  const isSeries = name.startsWith('generate')
  // The count stands last or second in functions that take a start.
  const count = args.length > 1 ? args[1] : args[0]
  const call: CallExpression = {
    kind: 'call',
    schema: undefined,
    name,
    args: isSeries || count === undefined ? args : [count],
    order: isSeries ? [] : args,
    filter: undefined,
    over: undefined,
    span,
  }
  const alias = tableAlias(cursor, grammar)
  return { kind: 'function', calls: [call], alias, columns: [], span }
}
