import type { Expression, Select, SelectItem, Window } from '../tree.ts'
import { refuse } from '../refusal.ts'
import { plainSelect } from './build.ts'
import { fromList } from './from.ts'
import type { Grammar } from './grammar.ts'
import type { Cursor } from './text/cursor.ts'

/** A select from its word up to `ORDER BY`. */
export function select(cursor: Cursor, grammar: Grammar): Select {
  const start = cursor.peek()
  cursor.expect('SELECT')
  const distinctOn = distinct(cursor, grammar)
  const items = cursor.list(() => selectItem(cursor, grammar))
  const from = cursor.accept('FROM') ? fromList(cursor, grammar) : []
  const before = cursor.accept('PREWHERE') ? [grammar.expression()] : []
  const conditions = cursor.accept('WHERE') ? [...before, grammar.expression()] : before
  const group = cursor.accept('GROUP', 'BY') ? groupList(cursor, grammar, items) : []
  while (cursor.is('WITH') && cursor.peek(1).keyword !== 'TIES') groupModifier(cursor)
  const having = cursor.accept('HAVING') ? [grammar.expression()] : []
  const windows = cursor.accept('WINDOW') ? cursor.list(() => namedWindow(cursor, grammar)) : []
  if (cursor.accept('QUALIFY')) having.push(grammar.expression())
  return plainSelect(
    {
      items,
      from,
      where: all(conditions),
      group,
      having: all(having),
      windows,
      distinctOn,
    },
    cursor.span(start),
  )
}

function distinct(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  if (cursor.accept('ALL') || !cursor.accept('DISTINCT') || !cursor.accept('ON')) return []
  cursor.expect('(')
  const columns = cursor.list(() => grammar.plain())
  cursor.expect(')')
  return columns
}

/** Conditions that must all hold, as one. */
function all(conditions: readonly Expression[]): Expression | undefined {
  const [first, second] = conditions
  if (first === undefined || second === undefined) return first
  const span = { start: first.span.start, end: second.span.end }
  return { kind: 'operator', symbols: [], isLogical: true, operands: [first, second], span }
}

function selectItem(cursor: Cursor, grammar: Grammar): SelectItem {
  const start = cursor.peek()
  const expression = cursor.accept('*')
    ? ({ kind: 'star', parts: [], span: cursor.span(start) } as const)
    : grammar.plain()
  if (expression.kind === 'star') return starItem(cursor, expression)
  const alias = cursor.alias()
  if (alias !== undefined) grammar.scopes.name(alias, expression)
  return { expression, alias, span: cursor.span(start) }
}

/** A star without some columns reads all of them to the guard, which names none of them. */
function starItem(cursor: Cursor, star: Expression): SelectItem {
  const { span } = star
  if (cursor.is('APPLY') || cursor.is('REPLACE') || cursor.is('AS')) {
    refuse('construct-refused', 'Name the columns instead of changing a star.', span)
  }
  const isCut = cursor.is('EXCEPT') && ['(', 'name', 'STRICT'].some((each) => follows(cursor, each))
  if (!isCut) return { expression: star, alias: undefined, span }
  cursor.next()
  cursor.accept('STRICT')
  if (cursor.accept('(')) {
    cursor.list(() => cursor.name())
    cursor.expect(')')
  } else cursor.name()
  const operands = [star]
  return {
    expression: { kind: 'operator', symbols: [], operands, span },
    alias: undefined,
    span,
  }
}

/** Whether `EXCEPT` is followed by names and not by a query. */
function follows(cursor: Cursor, what: string): boolean {
  const { kind, keyword, text } = cursor.peek(1)
  if (what === 'name')
    return (
      kind === 'name' ||
      (kind === 'word' &&
        keyword !== 'SELECT' &&
        keyword !== 'ALL' &&
        keyword !== 'DISTINCT' &&
        keyword !== 'WITH')
    )
  if (what === '(') return text === '(' && !cursor.opensQuery(1)
  return keyword === what
}

function groupList(
  cursor: Cursor,
  grammar: Grammar,
  items: readonly SelectItem[],
): readonly Expression[] {
  if (cursor.accept('ALL')) return columnsOf(items)
  if (cursor.accept('GROUPING')) {
    cursor.expect('SETS', '(')
    const sets = cursor.list(() => {
      if (!cursor.accept('(')) return [grammar.expression()]
      const set = cursor.is(')') ? [] : cursor.list(() => grammar.expression())
      cursor.expect(')')
      return set
    })
    cursor.expect(')')
    return sets.flat()
  }
  if ((cursor.is('ROLLUP') || cursor.is('CUBE')) && cursor.peek(1).text === '(') {
    cursor.next()
    cursor.expect('(')
    const columns = cursor.list(() => grammar.expression())
    cursor.expect(')')
    return columns
  }
  return cursor.list(() => grammar.expression())
}

/** Output columns that are columns themselves. */
export function columnsOf(items: readonly SelectItem[]): readonly Expression[] {
  return items.map(({ expression }) => expression).filter(({ kind }) => kind === 'column')
}

function groupModifier(cursor: Cursor): void {
  cursor.expect('WITH')
  if (cursor.acceptOne(['ROLLUP', 'CUBE', 'TOTALS']) === undefined) cursor.fail()
}

function namedWindow(cursor: Cursor, grammar: Grammar): Window {
  const name = cursor.name()
  cursor.expect('AS')
  return { ...grammar.window(), name }
}
