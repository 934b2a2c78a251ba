import type { FromItem, FromJoin, Identifier } from '../tree.ts'
import { joinOf } from '../text/join.ts'
import type { Cursor } from './text/cursor.ts'
import { closed, isEmpty, isNode, nameOf, type Node, nodeOf } from './node.ts'

/**
 * The tables of a query. The parser was given them in a row; how they are joined is read from the
 * tokens, and every table and condition of the row must be met once.
 */
export function fromClause(entries: readonly Node[], cursor: Cursor): readonly FromItem[] {
  cursor.expect('FROM')
  const row = new Row(entries, cursor)
  const items = [joined(row, cursor)]
  while (cursor.accept(',')) {
    cursor.join()
    items.push(joined(row, cursor))
  }
  row.end()
  // To SQLite, a comma is a join like any other.
  const [first, ...others] = items
  if (cursor.engine !== 'sqlite' || first === undefined) return items
  return [
    others.reduce<FromItem>((left, right) => joinOf(left, right, { span: right.span }), first),
  ]
}

/** The parser's entries, taken one after the other. */
class Row {
  readonly #entries: readonly Node[]
  readonly #cursor: Cursor
  #at = 0
  #hasCondition = true

  constructor(entries: readonly Node[], cursor: Cursor) {
    this.#entries = entries
    this.#cursor = cursor
  }

  next(): Node {
    const entry = this.#entries[this.#at++]
    if (entry === undefined || !this.#hasCondition) return this.#cursor.fail()
    this.#hasCondition = isEmpty(entry['on']) && isEmpty(entry['using'])
    return entry
  }

  /** The condition of the last entry, once. */
  condition(name: 'on' | 'using'): unknown {
    const value = this.#entries[this.#at - 1]?.[name]
    if (this.#hasCondition || isEmpty(value)) return this.#cursor.fail()
    this.#hasCondition = true
    return value
  }

  end(): void {
    if (this.#at !== this.#entries.length || !this.#hasCondition) this.#cursor.fail()
  }
}

function joined(row: Row, cursor: Cursor): FromItem {
  const start = cursor.peek()
  let left = factor(row, cursor)
  for (;;) {
    const isNatural = cursor.accept('NATURAL')
    if (!joinWords(cursor)) return isNatural ? cursor.fail() : left
    cursor.join()
    const right = factor(row, cursor)
    const condition = isNatural ? { isNatural } : conditionOf(row, cursor)
    left = joinOf(left, right, { ...condition, span: cursor.span(start) })
  }
}

function joinWords(cursor: Cursor): boolean {
  if (cursor.accept('JOIN') || cursor.accept('INNER', 'JOIN') || cursor.accept('CROSS', 'JOIN')) {
    return true
  }
  const isOuter = ['LEFT', 'RIGHT', 'FULL'].some((side) => cursor.accept(side))
  if (!isOuter) return false
  cursor.accept('OUTER')
  cursor.expect('JOIN')
  return true
}

function conditionOf(row: Row, cursor: Cursor): Partial<FromJoin> {
  if (cursor.accept('ON')) {
    const on = nodeOf(row.condition('on'), cursor)
    return { on: cursor.grammar.expression(on, cursor) }
  }
  if (!cursor.accept('USING')) return {}
  cursor.expect('(')
  const given = row.condition('using')
  const using = (Array.isArray(given) ? given : []).map((item, index): Identifier => {
    if (index > 0) cursor.expect(',')
    const { name, shown, span } = cursor.name()
    return nameOf(item) === shown ? { name, span } : cursor.fail()
  })
  cursor.expect(')')
  return { using }
}

function factor(row: Row, cursor: Cursor): FromItem {
  const start = cursor.peek()
  const isQuery = cursor.is('(', 'SELECT') || cursor.is('(', 'WITH')
  if (cursor.is('(') && !isQuery) {
    return cursor.nested(() => {
      cursor.expect('(')
      const inner = joined(row, cursor)
      cursor.expect(')')
      return inner
    })
  }
  const entry = row.next()
  closed(entry, ['db', 'schema', 'table', 'as', 'join', 'on', 'using', 'expr'], cursor)
  if (isQuery) {
    const inner = nodeOf(entry['expr'], cursor)
    closed(inner, ['ast'], cursor)
    if (!isEmpty(entry['table']) || !isNode(inner['ast'])) cursor.fail()
    cursor.expect('(')
    const subquery = cursor.grammar.query(inner['ast'], cursor)
    cursor.expect(')')
    const alias = aliasOf(entry, cursor)
    const span = cursor.span(start)
    return { kind: 'subquery', query: subquery, alias, columns: [], isLateral: false, span }
  }
  if (!isEmpty(entry['expr'])) cursor.fail()
  const path = cursor.path()
  const given = [entry['db'], entry['schema'], entry['table']].filter((part) => !isEmpty(part))
  if (path.length > 2 || given.map(String).join('.') !== path.map(({ shown }) => shown).join('.')) {
    cursor.fail()
  }
  for (const name of path) cursor.tableName(name)
  const span = cursor.span(start)
  const alias = aliasOf(entry, cursor)
  const names = path.map(({ name, exact }) => (cursor.engine === 'mysql' ? exact : name))
  return { kind: 'table', path: names, alias, columns: [], sample: [], span }
}

function aliasOf(entry: Node, cursor: Cursor): string | undefined {
  if (isEmpty(entry['as'])) return undefined
  cursor.accept('AS')
  const name = cursor.name()
  cursor.tableName(name)
  return entry['as'] === name.shown ? name.name : cursor.fail()
}
