import type { Body, CommonTable, Expression, Query, Select, SelectItem } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import { expression, list } from './expressions.ts'
import { fromClause } from './from.ts'
import { closed, isEmpty, isNode, listOf, nameOf, type Node, nodeOf } from './node.ts'

const queryFields =
  'type with distinct columns from where groupby having orderby limit _next set_op _orderby _limit parentheses_symbol into'.split(
    ' ',
  )

/** A query as it stands, from the parser's tree of it. */
export function query(given: unknown, cursor: Cursor): Query {
  return cursor.nested(() => {
    const start = cursor.peek()
    const node = select(given, cursor)
    const isWith = !isEmpty(node['with'])
    if (isWith) cursor.expect('WITH')
    const isRecursive = isWith && cursor.accept('RECURSIVE')
    const tables = isWith ? commonTables(node, cursor) : []
    const parts: Query[] = []
    let last = node
    for (let part: Node | undefined = node; part !== undefined;) {
      const next: unknown = part['_next']
      parts.push(term(part, cursor, isEmpty(next)))
      if (isEmpty(next)) break
      setWords(part, cursor)
      last = part = select(next, cursor)
      if (!isEmpty(part['with'])) cursor.fail()
    }
    const isOpen = !isEmpty(last['parentheses_symbol'])
    const order = sorted(
      isOpen || !isEmpty(node['_orderby']) ? node['_orderby'] : last['orderby'],
      cursor,
    )
    const bounds = limits(
      isOpen || !isEmpty(node['_limit']) ? node['_limit'] : last['limit'],
      cursor,
    )
    const [first] = parts
    const body: Body =
      parts.length === 1 && first !== undefined && !isOpen
        ? first.body
        : { kind: 'set-operation', parts }
    const span = cursor.span(start)
    return { with: tables, isRecursive, body, order, ...bounds, isLimitExact: true, span }
  })
}

function select(given: unknown, cursor: Cursor): Node {
  const outer = nodeOf(given, cursor)
  const node = isNode(outer['ast']) ? outer['ast'] : outer
  if (node['type'] !== 'select') cursor.fail()
  closed(node, queryFields, cursor)
  if (!isEmpty(nodeOf(node['into'] ?? {}, cursor))) cursor.fail()
  return node
}

function setWords(node: Node, cursor: Cursor): void {
  for (const text of String(node['set_op']).toUpperCase().split(' ')) cursor.expect(text)
  if (cursor.is('ALL') || cursor.is('DISTINCT')) cursor.fail()
}

function commonTables(node: Node, cursor: Cursor): readonly CommonTable[] {
  return listOf(node['with'], cursor).map((table, index) => {
    if (index > 0) cursor.expect(',')
    const start = cursor.peek()
    closed(table, ['name', 'stmt', 'columns', 'recursive'], cursor)
    const name = cursor.name()
    cursor.tableName(name)
    if (nameOf(table['name']) !== name.shown) cursor.fail()
    const columns = isEmpty(table['columns']) ? [] : nameList(table['columns'], cursor)
    cursor.expect('AS', '(')
    const inner = query(table['stmt'], cursor)
    cursor.expect(')')
    return { name: name.name, columns, query: inner, addedColumns: [], span: cursor.span(start) }
  })
}

function nameList(given: unknown, cursor: Cursor): readonly string[] {
  cursor.expect('(')
  const names = listOf(given, cursor).map((item, index) => {
    if (index > 0) cursor.expect(',')
    const { name, shown } = cursor.name()
    return nameOf(item) === shown ? name : cursor.fail()
  })
  cursor.expect(')')
  return names
}

/** One part of a set operation, or a whole query without what follows it. */
function term(node: Node, cursor: Cursor, isLast: boolean): Query {
  const start = cursor.peek()
  const isBracketed = !isEmpty(node['parentheses_symbol'])
  if (isBracketed) cursor.expect('(')
  else if (!isLast && !(isEmpty(node['orderby']) && hasNoLimit(node['limit']))) cursor.fail()
  const body = selectBody(node, cursor)
  const order = isBracketed ? sorted(node['orderby'], cursor) : []
  const bounds = isBracketed
    ? limits(node['limit'], cursor)
    : { limit: undefined, offset: undefined }
  if (isBracketed) cursor.expect(')')
  const span = cursor.span(start)
  return { with: [], isRecursive: false, body, order, ...bounds, isLimitExact: true, span }
}

function selectBody(node: Node, cursor: Cursor): Select {
  const start = cursor.peek()
  cursor.expect('SELECT')
  const distinct = node['distinct']
  const isDistinct =
    distinct === 'DISTINCT' || (isNode(distinct) && distinct['type'] === 'DISTINCT')
  if (isDistinct) cursor.expect('DISTINCT')
  if (isNode(distinct)) closed(distinct, ['type'], cursor)
  const items = listOf(node['columns'], cursor).map((item, index) => {
    if (index > 0) cursor.expect(',')
    return selectItem(item, cursor)
  })
  const from = isEmpty(node['from']) ? [] : fromClause(listOf(node['from'], cursor), cursor)
  const clause = (name: string, ...words: readonly string[]): Expression | undefined => {
    if (isEmpty(node[name])) return undefined
    cursor.expect(...words)
    return expression(node[name], cursor)
  }
  const where = clause('where', 'WHERE')
  const group = groups(node['groupby'], cursor)
  const having = clause('having', 'HAVING')
  const span = cursor.span(start)
  return { kind: 'select', items, from, where, group, having, windows: [], distinctOn: [], span }
}

function groups(given: unknown, cursor: Cursor): readonly Expression[] {
  if (isEmpty(given)) return []
  const node = nodeOf(given, cursor)
  closed(node, ['columns'], cursor)
  cursor.expect('GROUP', 'BY')
  return list(node['columns'], cursor)
}

function selectItem(node: Node, cursor: Cursor): SelectItem {
  closed(node, ['type', 'expr', 'as'], cursor)
  const start = cursor.peek()
  const value = expression(node['expr'], cursor)
  if (isEmpty(node['as'])) return { expression: value, alias: undefined, span: cursor.span(start) }
  cursor.accept('AS')
  const token = cursor.peek()
  const { name, shown } = cursor.name()
  if (node['as'] !== shown) cursor.fail()
  // The answer shows a name as it was written, where the engine does.
  const alias = cursor.engine === 'sqlite' ? token.text : name
  return { expression: value, alias, span: cursor.span(start) }
}

/** What follows `ORDER BY`, with the words. */
export function sorted(given: unknown, cursor: Cursor): readonly Expression[] {
  if (isEmpty(given)) return []
  cursor.expect('ORDER', 'BY')
  return listOf(given, cursor).map((node, index) => {
    if (index > 0) cursor.expect(',')
    closed(node, ['expr', 'type', 'nulls'], cursor)
    const value = expression(node['expr'], cursor)
    if (!isEmpty(node['type'])) cursor.accept(String(node['type']))
    if (!isEmpty(node['nulls'])) {
      for (const text of String(node['nulls']).toUpperCase().split(' ')) cursor.expect(text)
    }
    return value
  })
}

function hasNoLimit(given: unknown): boolean {
  return isEmpty(isNode(given) ? given['value'] : given)
}

function limits(
  given: unknown,
  cursor: Cursor,
): { readonly limit: Expression | undefined; readonly offset: Expression | undefined } {
  if (hasNoLimit(given)) return { limit: undefined, offset: undefined }
  const node = nodeOf(given, cursor)
  closed(node, ['seperator', 'value'], cursor)
  cursor.expect('LIMIT')
  const [first, second, ...others] = listOf(node['value'], cursor)
  if (others.length > 0) cursor.fail()
  const limit = bound(first, cursor)
  if (second === undefined) return { limit, offset: undefined }
  if (cursor.accept(',')) return { limit: bound(second, cursor), offset: limit }
  cursor.expect('OFFSET')
  return { limit, offset: bound(second, cursor) }
}

function bound(node: Node | undefined, cursor: Cursor): Expression {
  const value = expression(node, cursor)
  return value.kind === 'literal' && value.integer !== undefined ? value : cursor.fail()
}
