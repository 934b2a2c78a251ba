import { caseless } from '../caseless.ts'
import { refuse } from '../refusal.ts'
import type { Body, CommonTable, Query, Select, SelectItem } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import { window } from './expressions.ts'
import { fromList } from './from.ts'
import type { Grammar } from './grammar.ts'
import { limits } from './limits.ts'

/** A query with everything around it. */
export function query(cursor: Cursor, grammar: Grammar): Query {
  return cursor.nested(() => {
    const start = cursor.peek()
    const isWith = cursor.accept('WITH')
    const isRecursive = isWith && cursor.accept('RECURSIVE')
    const tables = isWith ? cursor.list(() => commonTable(cursor, grammar)) : []
    const parts = [term(cursor, grammar)]
    while (cursor.acceptOne(['UNION', 'EXCEPT', 'INTERSECT']) !== undefined) {
      cursor.acceptOne(['ALL', 'DISTINCT'])
      parts.push(term(cursor, grammar))
    }
    const order = cursor.accept('ORDER', 'BY') ? grammar.sortList() : []
    const bounds = limits(cursor, grammar)
    refuseTail(cursor)
    const [first] = parts
    const isOne = parts.length === 1 && first !== undefined && isBare(first)
    const body: Body = isOne ? first.body : { kind: 'set-operation', parts }
    return {
      with: tables,
      isRecursive,
      body,
      order,
      ...bounds,
      span: cursor.span(start),
    }
  })
}

function isBare({ with: tables, order, limit }: Query): boolean {
  return tables.length === 0 && order.length === 0 && limit === undefined
}

function commonTable(cursor: Cursor, grammar: Grammar): CommonTable {
  const start = cursor.peek()
  const written = cursor.exactName()
  cursor.tableName(written)
  const name = caseless(written)
  const columns = cursor.accept('(') ? nameList(cursor) : []
  cursor.expect('AS', '(')
  if (/^(DELETE|INSERT|UPDATE|REPLACE)$/.test(cursor.peek().text)) {
    refuse(
      'construct-refused',
      'A WITH entry changes data; only SELECT is allowed there.',
      cursor.span(start),
    )
  }
  const inner = grammar.query()
  cursor.expect(')')
  if (cursor.accept('CYCLE')) {
    cursor.list(() => cursor.name())
    cursor.expect('RESTRICT')
  }
  return { name, columns, query: inner, addedColumns: [], span: cursor.span(start) }
}

/** Names up to the closing bracket. */
export function nameList(cursor: Cursor): readonly string[] {
  const names = cursor.list(() => cursor.name())
  cursor.expect(')')
  return names
}

/** Says plainly what may not follow a query. */
function refuseTail(cursor: Cursor): void {
  const start = cursor.peek()
  const span = { start: start.start, end: start.end }
  if (cursor.is('FOR') || cursor.is('LOCK', 'IN')) {
    refuse(
      'construct-refused',
      'FOR UPDATE and its kin lock rows; leave the clause out.',
      span,
      'FOR UPDATE',
    )
  }
  if (cursor.is('INTO')) {
    refuse(
      'construct-refused',
      'SELECT INTO writes a file or a variable; leave INTO out.',
      span,
      'INTO',
    )
  }
}

function term(cursor: Cursor, grammar: Grammar): Query {
  const start = cursor.peek()
  if (cursor.accept('(')) {
    const inner = grammar.query()
    cursor.expect(')')
    return inner
  }
  return plain(termBody(cursor, grammar), cursor.span(start))
}

function plain(body: Body, span: Query['span']): Query {
  return {
    with: [],
    isRecursive: false,
    body,
    order: [],
    limit: undefined,
    offset: undefined,
    isLimitExact: true,
    span,
  }
}

function termBody(cursor: Cursor, grammar: Grammar): Body {
  const start = cursor.peek()
  if (cursor.accept('VALUES')) {
    const rows = cursor.list(() => {
      cursor.accept('ROW')
      cursor.expect('(')
      const row = cursor.list(() => grammar.expression())
      cursor.expect(')')
      return row
    })
    return { kind: 'values', rows }
  }
  if (cursor.accept('TABLE')) {
    const from = fromList(cursor, grammar)
    const span = cursor.span(start)
    const star: SelectItem = {
      expression: { kind: 'star', parts: [], span },
      alias: undefined,
      span,
    }
    return { ...emptySelect(span), items: [star], from }
  }
  cursor.expect('SELECT')
  return select(cursor, grammar)
}

const modifiers = [
  'ALL',
  'DISTINCT',
  'DISTINCTROW',
  'HIGH_PRIORITY',
  'STRAIGHT_JOIN',
  'SQL_SMALL_RESULT',
  'SQL_BIG_RESULT',
  'SQL_BUFFER_RESULT',
  'SQL_NO_CACHE',
  'SQL_CALC_FOUND_ROWS',
]

function emptySelect(span: Select['span']): Select {
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
  }
}

function select(cursor: Cursor, grammar: Grammar): Select {
  const start = cursor.peek()
  while (cursor.acceptOne(modifiers) !== undefined);
  const items = cursor.list(() => selectItem(cursor, grammar))
  refuseTail(cursor)
  const from = cursor.accept('FROM') && !cursor.accept('DUAL') ? fromList(cursor, grammar) : []
  const where = cursor.accept('WHERE') ? grammar.expression() : undefined
  const group = cursor.accept('GROUP', 'BY') ? grammar.sortList() : []
  cursor.accept('WITH', 'ROLLUP')
  const having = cursor.accept('HAVING') ? grammar.expression() : undefined
  const windows = cursor.accept('WINDOW')
    ? cursor.list(() => {
        const name = cursor.name()
        cursor.expect('AS')
        return { ...window(cursor, grammar), name }
      })
    : []
  return {
    kind: 'select',
    items,
    from,
    where,
    group,
    having,
    windows,
    distinctOn: [],
    span: cursor.span(start),
  }
}

function selectItem(cursor: Cursor, grammar: Grammar): SelectItem {
  const start = cursor.peek()
  if (cursor.accept('*')) {
    const span = cursor.span(start)
    return { expression: { kind: 'star', parts: [], span }, alias: undefined, span }
  }
  const expression = grammar.expression()
  const alias = itemAlias(cursor)
  return { expression, alias, span: cursor.span(start) }
}

function itemAlias(cursor: Cursor): string | undefined {
  const isAs = cursor.accept('AS')
  if (cursor.peek().kind === 'string') return caseless(cursor.string())
  return isAs || cursor.isName() ? cursor.name() : undefined
}
