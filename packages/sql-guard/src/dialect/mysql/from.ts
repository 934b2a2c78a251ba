import type { FromItem, FromJoin } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import type { Grammar } from './grammar.ts'

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
    const isNatural = cursor.accept('NATURAL')
    if (!joinWord(cursor)) {
      if (isNatural) cursor.fail()
      return left
    }
    cursor.join()
    const right = factor(cursor, grammar)
    const condition = isNatural ? {} : joinCondition(cursor, grammar)
    left = {
      kind: 'join',
      left,
      right,
      isNatural,
      using: [],
      usingAlias: undefined,
      on: undefined,
      alias: undefined,
      columns: [],
      ...condition,
      span: cursor.span(start),
    }
  }
}

function joinWord(cursor: Cursor): boolean {
  if (cursor.accept('JOIN') || cursor.accept('STRAIGHT_JOIN')) return true
  if (cursor.accept('INNER', 'JOIN') || cursor.accept('CROSS', 'JOIN')) return true
  if (!cursor.is('LEFT') && !cursor.is('RIGHT')) return false
  cursor.next()
  cursor.accept('OUTER')
  cursor.expect('JOIN')
  return true
}

function joinCondition(cursor: Cursor, grammar: Grammar): Partial<FromJoin> {
  if (cursor.accept('ON')) return { on: grammar.expression() }
  if (!cursor.accept('USING')) return {}
  cursor.expect('(')
  const using = cursor.list(() => {
    const start = cursor.peek()
    return { name: cursor.name(), span: { start: start.start, end: start.end } }
  })
  cursor.expect(')')
  return { using }
}

function factor(cursor: Cursor, grammar: Grammar): FromItem {
  const start = cursor.peek()
  const isLateral = cursor.accept('LATERAL')
  if (cursor.is('(')) {
    if (cursor.opensQuery()) {
      cursor.expect('(')
      const query = grammar.query()
      cursor.expect(')')
      const alias = aliasOf(cursor)
      const columns = alias !== undefined && cursor.accept('(') ? names(cursor) : []
      return { kind: 'subquery', query, alias, columns, isLateral, span: cursor.span(start) }
    }
    return cursor.nested(() => bracketed(cursor, grammar))
  }
  const path = [cursor.name()]
  while (cursor.accept('.')) path.push(cursor.name())
  const span = cursor.span(start)
  const alias = aliasOf(cursor)
  indexHints(cursor)
  return { kind: 'table', path, alias, columns: [], sample: [], span }
}

function bracketed(cursor: Cursor, grammar: Grammar): FromItem {
  const start = cursor.next()
  const [first, ...others] = fromList(cursor, grammar)
  cursor.expect(')')
  if (first === undefined) return cursor.fail()
  return others.reduce<FromItem>(
    (left, right) => ({
      kind: 'join',
      left,
      right,
      isNatural: false,
      using: [],
      usingAlias: undefined,
      on: undefined,
      alias: undefined,
      columns: [],
      span: cursor.span(start),
    }),
    first,
  )
}

function names(cursor: Cursor): readonly string[] {
  const list = cursor.list(() => cursor.name())
  cursor.expect(')')
  return list
}

function aliasOf(cursor: Cursor): string | undefined {
  return cursor.accept('AS') || cursor.isName() ? cursor.name() : undefined
}

function indexHints(cursor: Cursor): void {
  while (cursor.acceptOne(['USE', 'FORCE', 'IGNORE']) !== undefined) {
    if (cursor.acceptOne(['INDEX', 'KEY']) === undefined) cursor.fail()
    if (cursor.accept('FOR')) {
      if (!cursor.accept('JOIN') && !cursor.accept('ORDER', 'BY')) cursor.expect('GROUP', 'BY')
    }
    cursor.expect('(')
    if (!cursor.accept(')')) names(cursor)
  }
}
