import type { FromFunction } from '../tree.ts'
import { called, typeName } from './calls.ts'
import type { Cursor } from './text/cursor.ts'
import type { Grammar } from './grammar.ts'

/** `JSON_TABLE(value, path COLUMNS (...)) AS name`. */
export function jsonTable(
  cursor: Cursor,
  grammar: Grammar,
  aliasOf: (cursor: Cursor) => Pick<FromFunction, 'alias' | 'writtenAlias'>,
): FromFunction {
  const start = cursor.peek()
  cursor.expect('JSON_TABLE', '(')
  const value = grammar.expression()
  cursor.expect(',')
  const columns = pathColumns(cursor)
  cursor.expect(')')
  const alias = aliasOf(cursor)
  if (alias.alias === undefined) cursor.fail()
  return {
    kind: 'function',
    calls: [called(start, undefined, 'json_table', [value])],
    ...alias,
    columns,
    span: cursor.span(start),
  }
}

function pathColumns(cursor: Cursor): readonly string[] {
  cursor.string()
  cursor.expect('COLUMNS', '(')
  const columns = cursor.list(() => column(cursor)).flat()
  cursor.expect(')')
  return columns
}

function column(cursor: Cursor): readonly string[] {
  if (cursor.is('NESTED') && cursor.peek(1).kind !== 'symbol') {
    cursor.next()
    cursor.accept('PATH')
    return cursor.nested(() => pathColumns(cursor))
  }
  const name = cursor.name()
  if (cursor.accept('FOR', 'ORDINALITY')) return [name]
  // `EXISTS` and `PATH` end a type like any other of its words.
  typeName(cursor)
  cursor.string()
  while (!cursor.is(',') && !cursor.is(')')) otherwise(cursor)
  return [name]
}

function otherwise(cursor: Cursor): void {
  if (cursor.accept('DEFAULT')) {
    const { kind } = cursor.peek()
    if (kind === 'number') cursor.next()
    else cursor.string()
  } else if (cursor.acceptOne(['NULL', 'ERROR']) === undefined) cursor.fail()
  cursor.expect('ON')
  if (cursor.acceptOne(['EMPTY', 'ERROR']) === undefined) cursor.fail()
}
