import { refuse } from '../refusal.ts'
import type { CommonTable, Expression, NamedExpression, Query, Select } from '../tree.ts'
import type { Grammar } from './grammar.ts'
import { columnsOf, select } from './select.ts'
import type { Cursor } from './text/cursor.ts'

interface With {
  readonly isRecursive: boolean
  readonly tables: readonly CommonTable[]
  readonly named: readonly NamedExpression[]
}

/** A query with everything around it. Bounds belong to the last select of a set operation. */
export function query(cursor: Cursor, grammar: Grammar): Query {
  return cursor.nested(() => {
    const start = cursor.peek()
    // The parameters of a lambda do not reach into a query.
    grammar.parameters.push([])
    const { isRecursive, tables, parts } = grammar.scopes.query((names) => {
      const { named, ...list } = withList(cursor, grammar, names)
      return { ...list, parts: grammar.scopes.beside(named, () => terms(cursor, grammar, named)) }
    })
    grammar.parameters.pop()
    refuseTail(cursor)
    const span = cursor.span(start)
    const [first] = parts
    if (parts.length === 1 && first !== undefined) {
      if (tables.length === 0) return { ...first, span }
      if (first.with.length > 0) cursor.fail()
      return { ...first, with: tables, isRecursive, span }
    }
    return {
      with: tables,
      isRecursive,
      body: { kind: 'set-operation', parts },
      order: [],
      limit: undefined,
      offset: undefined,
      isLimitExact: false,
      span,
    }
  })
}

/** The entries of WITH; adds the names of the common tables to those that the query has. */
function withList(cursor: Cursor, grammar: Grammar, names: string[]): With {
  if (!cursor.accept('WITH')) return { isRecursive: false, tables: [], named: [] }
  const isRecursive = cursor.accept('RECURSIVE')
  const tables: CommonTable[] = []
  const { scopes } = grammar
  const { own: named } = scopes.within(() =>
    scopes.list((apart) =>
      cursor.list(() => {
        if (startsTable(cursor)) {
          names.push(cursor.peek().text)
          tables.push(commonTable(cursor, grammar))
        } else apart(() => namedExpression(cursor, grammar))
      }),
    ),
  )
  return { isRecursive, tables, named }
}

function namedExpression(cursor: Cursor, grammar: Grammar): void {
  const expression = grammar.plain()
  cursor.expect('AS')
  grammar.scopes.name(cursor.anyName(), expression, true)
}

/** `name AS (SELECT`; an expression stands before its name. */
function startsTable(cursor: Cursor): boolean {
  if (!cursor.isName() || cursor.peek(1).keyword !== 'AS') return false
  return cursor.opensQuery(2) || (cursor.peek(2).keyword === 'MATERIALIZED' && cursor.opensQuery(3))
}

function commonTable(cursor: Cursor, grammar: Grammar): CommonTable {
  const start = cursor.peek()
  const name = cursor.name()
  grammar.scopes.commonTable(name)
  cursor.expect('AS')
  cursor.accept('MATERIALIZED')
  if (!cursor.opensQuery()) cursor.fail()
  cursor.expect('(')
  const inner = grammar.query()
  cursor.expect(')')
  return { name, columns: [], query: inner, addedColumns: [], span: cursor.span(start) }
}

/** The selects of a set operation, or the only one. */
function terms(
  cursor: Cursor,
  grammar: Grammar,
  named: readonly NamedExpression[],
): readonly Query[] {
  const parts = [term(cursor, grammar, named)]
  while (cursor.acceptOne(['UNION', 'EXCEPT', 'INTERSECT']) !== undefined) {
    cursor.acceptOne(['ALL', 'DISTINCT'])
    parts.push(term(cursor, grammar, named))
  }
  return parts
}

/** One select with its bounds, or a query in brackets. */
function term(cursor: Cursor, grammar: Grammar, named: readonly NamedExpression[]): Query {
  const start = cursor.peek()
  if (cursor.accept('(')) {
    const inner = grammar.query()
    cursor.expect(')')
    if (named.length > 0) cursor.fail()
    return inner
  }
  const { result, own } = grammar.scopes.within(() => {
    const body = select(cursor, grammar)
    const order = cursor.accept('ORDER', 'BY') ? orderBy(cursor, grammar, body) : []
    return { body, order, ...limits(cursor, grammar) }
  })
  const { body, order, groups, ...limit } = result
  grammar.scopes.copied(named, cursor.span(start))
  const aliases = [...named, ...own]
  return {
    with: [],
    isRecursive: false,
    body: {
      ...body,
      distinctOn: [...body.distinctOn, ...groups],
      ...(aliases.length === 0 ? {} : { aliases }),
    },
    order,
    ...limit,
    span: cursor.span(start),
  }
}

function orderBy(cursor: Cursor, grammar: Grammar, { items }: Select): readonly Expression[] {
  if (cursor.accept('ALL')) {
    sortWords(cursor)
    return columnsOf(items)
  }
  const order = [...grammar.sortList()]
  if (!cursor.accept('INTERPOLATE')) return order
  if (cursor.accept('(') && !cursor.accept(')')) {
    const added = cursor.list(() => {
      const start = cursor.peek()
      const column: Expression = {
        kind: 'column',
        parts: [cursor.name()],
        span: cursor.span(start),
      }
      return cursor.accept('AS') ? [column, grammar.plain()] : [column]
    })
    cursor.expect(')')
    order.push(...added.flat().map(notByPlace))
  }
  return order
}

/** A list to sort by, with the values to fill in between. */
export function sortList(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  return cursor
    .list(() => {
      const item = grammar.expression()
      sortWords(cursor)
      if (!cursor.accept('WITH', 'FILL')) return [item]
      const bounds: Expression[] = []
      while (cursor.acceptOne(['FROM', 'TO', 'STEP', 'STALENESS']) !== undefined) {
        bounds.push(notByPlace(grammar.plain()))
      }
      return [item, ...bounds]
    })
    .flat()
}

function sortWords(cursor: Cursor): void {
  cursor.acceptOne(['ASC', 'DESC', 'ASCENDING', 'DESCENDING'])
  if (cursor.accept('NULLS') && cursor.acceptOne(['FIRST', 'LAST']) === undefined) cursor.fail()
  if (cursor.accept('COLLATE') && cursor.next().kind !== 'string') cursor.fail()
}

/** A number here is a value, not the place of an output column. */
function notByPlace(expression: Expression): Expression {
  return { kind: 'operator', symbols: [], operands: [expression], span: expression.span }
}

interface Limits extends Pick<Query, 'limit' | 'offset' | 'isLimitExact'> {
  /** What `LIMIT BY` takes the first rows of each of. */
  readonly groups: readonly Expression[]
}

function limits(cursor: Cursor, grammar: Grammar): Limits {
  const groups: Expression[] = []
  let limit: Expression | undefined
  let offset: Expression | undefined
  let isLimitExact = true
  while (limit === undefined && cursor.accept('LIMIT')) {
    const first = grammar.plain()
    const isPair = cursor.accept(',')
    const isOffset = !isPair && cursor.accept('OFFSET')
    const second = isPair || isOffset ? grammar.plain() : undefined
    if (cursor.accept('BY')) {
      if (groups.length > 0) cursor.fail()
      groups.push(...[first, second].filter((each) => each !== undefined).map(notByPlace))
      if (!cursor.accept('ALL')) groups.push(...cursor.list(() => grammar.plain()))
      continue
    }
    limit = isPair ? second : first
    offset = isPair ? first : second
    if (cursor.accept('WITH', 'TIES')) isLimitExact = false
  }
  if (limit === undefined && cursor.accept('OFFSET')) {
    offset = grammar.plain()
    cursor.acceptOne(['ROW', 'ROWS'])
  }
  if (limit === undefined && cursor.accept('FETCH')) {
    cursor.acceptOne(['FIRST', 'NEXT'])
    limit = grammar.plain()
    cursor.acceptOne(['ROW', 'ROWS'])
    if (cursor.accept('WITH', 'TIES')) isLimitExact = false
    else cursor.expect('ONLY')
  }
  return { groups, limit, offset, isLimitExact }
}

/** Says plainly what may not follow a query. */
function refuseTail(cursor: Cursor): void {
  const { start, end, keyword } = cursor.peek()
  const why = {
    SETTINGS: 'SETTINGS changes what a query may do; leave the clause out.',
    FORMAT: 'The answer has its format already; leave FORMAT out.',
    INTO: 'INTO OUTFILE writes a file; leave it out.',
  }[keyword ?? '']
  if (why !== undefined) refuse('construct-refused', why, { start, end }, keyword)
}
