import { caseless } from '../caseless.ts'
import { joinOf } from '../text/join.ts'
import type { FromItem, FromJoin, FromTable } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import type { Grammar } from './grammar.ts'
import { jsonTable } from './json-table.ts'

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
  return joinedTo(factor(cursor, grammar), cursor, grammar)
}

/** The joins that follow a table. */
function joinedTo(first: FromItem, cursor: Cursor, grammar: Grammar): FromItem {
  const start = cursor.peek()
  let left = first
  for (;;) {
    const isNatural = cursor.accept('NATURAL')
    const kind = joinWord(cursor)
    if (kind === undefined) {
      if (isNatural) cursor.fail()
      return left
    }
    cursor.join()
    const next = factor(cursor, grammar)
    // An outer join needs a condition: where there is none yet, the joins in between come first.
    const isNested = kind === 'outer' && !isNatural && !hasCondition(cursor)
    const right = isNested ? cursor.nested(() => joinedTo(next, cursor, grammar)) : next
    if (isNested && !hasCondition(cursor)) cursor.fail()
    const condition = isNatural ? {} : joinCondition(cursor, grammar)
    left = joinOf(left, right, { isNatural, ...condition, span: cursor.span(start) })
  }
}

function hasCondition(cursor: Cursor): boolean {
  return cursor.is('ON') || cursor.is('USING')
}

function joinWord(cursor: Cursor): 'inner' | 'outer' | undefined {
  if (cursor.accept('JOIN') || cursor.accept('STRAIGHT_JOIN')) return 'inner'
  if (cursor.accept('INNER', 'JOIN') || cursor.accept('CROSS', 'JOIN')) return 'inner'
  if (cursor.acceptOne(['LEFT', 'RIGHT']) === undefined) return undefined
  cursor.accept('OUTER')
  cursor.expect('JOIN')
  return 'outer'
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
  if (cursor.is('JSON_TABLE', '(')) return jsonTable(cursor, grammar, aliasOf)
  const isLateral = cursor.accept('LATERAL')
  if (cursor.is('(')) {
    if (cursor.opensQuery()) {
      cursor.expect('(')
      const query = grammar.query()
      cursor.expect(')')
      const alias = aliasOf(cursor)
      const columns = alias.alias !== undefined && cursor.accept('(') ? names(cursor) : []
      return { kind: 'subquery', query, ...alias, columns, isLateral, span: cursor.span(start) }
    }
    return cursor.nested(() => bracketed(cursor, grammar))
  }
  const path = [cursor.exactName()]
  while (cursor.accept('.')) path.push(cursor.exactName())
  for (const name of path.slice(0, -1)) cursor.tableName(name, 'schema')
  cursor.tableName(path.at(-1) ?? '')
  const span = cursor.span(start)
  const isPart = cursor.accept('PARTITION')
  if (isPart) {
    cursor.expect('(')
    names(cursor)
  }
  const alias = aliasOf(cursor)
  const picksRows = namesIndex(cursor) || isPart
  return { kind: 'table', path, ...alias, columns: [], picksRows, sample: [], span }
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

function names(cursor: Cursor): readonly string[] {
  const list = cursor.list(() => cursor.name())
  cursor.expect(')')
  return list
}

/** The alias that may follow, folded and as it is written. */
type Alias = Pick<FromTable, 'alias' | 'writtenAlias'>

function aliasOf(cursor: Cursor): Alias {
  if (!cursor.accept('AS') && !cursor.isName()) return { alias: undefined }
  const writtenAlias = cursor.exactName()
  cursor.tableName(writtenAlias)
  return { alias: caseless(writtenAlias), writtenAlias }
}

/** Passes hints, and says whether they name an index beside the primary key. */
function namesIndex(cursor: Cursor): boolean {
  let isNamed = false
  while (cursor.acceptOne(['USE', 'FORCE', 'IGNORE']) !== undefined) {
    if (cursor.acceptOne(['INDEX', 'KEY']) === undefined) cursor.fail()
    if (cursor.accept('FOR')) {
      if (!cursor.accept('JOIN') && !cursor.accept('ORDER', 'BY')) cursor.expect('GROUP', 'BY')
    }
    cursor.expect('(')
    if (!cursor.accept(')')) isNamed = names(cursor).some((name) => name !== 'primary') || isNamed
  }
  return isNamed
}
