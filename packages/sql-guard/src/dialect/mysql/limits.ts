import type { Expression, Query } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import type { Grammar } from './grammar.ts'

type Limits = Pick<Query, 'limit' | 'offset' | 'isLimitExact'>

/** What bounds the rows of a query: `LIMIT`, or `OFFSET` and `FETCH`. */
export function limits(cursor: Cursor, grammar: Grammar): Limits {
  if (cursor.accept('LIMIT')) return limit(cursor, grammar)
  const offset = cursor.isOffset() ? offsetRows(cursor, grammar) : undefined
  if (!cursor.accept('FETCH')) {
    return { limit: undefined, offset, isLimitExact: offset === undefined }
  }
  if (cursor.acceptOne(['FIRST', 'NEXT']) === undefined) cursor.fail()
  const isCounted = !isRows(cursor)
  const count = isCounted ? bound(cursor, grammar) : undefined
  expectRows(cursor)
  const isExact = cursor.accept('ONLY')
  if (!isExact) cursor.expect('WITH', 'TIES')
  return { limit: count, offset, isLimitExact: isExact && isCounted }
}

function limit(cursor: Cursor, grammar: Grammar): Limits {
  if (cursor.accept('ROWS', 'EXAMINED')) {
    bound(cursor, grammar)
    return { limit: undefined, offset: undefined, isLimitExact: false }
  }
  const first = bound(cursor, grammar)
  const second = cursor.acceptOne(['OFFSET', ','])
  const other = second === undefined ? undefined : bound(cursor, grammar)
  const isExamined = cursor.accept('ROWS', 'EXAMINED')
  if (isExamined) bound(cursor, grammar)
  const [count, offset] = second === ',' ? [other, first] : [first, other]
  return { limit: count, offset, isLimitExact: true }
}

function offsetRows(cursor: Cursor, grammar: Grammar): Expression {
  cursor.expect('OFFSET')
  const offset = bound(cursor, grammar)
  expectRows(cursor)
  return offset
}

function isRows(cursor: Cursor): boolean {
  return cursor.is('ROW') || cursor.is('ROWS')
}

function expectRows(cursor: Cursor): void {
  if (cursor.acceptOne(['ROW', 'ROWS']) === undefined) cursor.fail()
}

function bound(cursor: Cursor, grammar: Grammar): Expression {
  const { kind } = cursor.peek()
  return kind === 'number' || kind === 'parameter' ? grammar.expression() : cursor.fail()
}
