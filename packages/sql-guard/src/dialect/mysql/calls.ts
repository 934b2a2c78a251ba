import type { CallExpression, Expression } from '../tree.ts'
import type { Token } from '../text/cursor.ts'
import type { Cursor } from './text/cursor.ts'
import type { Grammar } from './grammar.ts'
import { units } from './text/words.ts'

/** A call without anything after its arguments. */
export function called(
  start: Token,
  schema: string | undefined,
  name: string,
  args: readonly Expression[],
): CallExpression {
  return {
    kind: 'call',
    schema,
    name,
    args,
    order: [],
    filter: undefined,
    over: undefined,
    span: { start: start.start, end: start.end },
  }
}

/** A call whose name has been passed. */
export function functionCall(
  cursor: Cursor,
  grammar: Grammar,
  start: Token,
  schema: string | undefined,
  name: string,
): Expression {
  cursor.expect('(')
  const args: Expression[] = []
  let order: readonly Expression[] = []
  if (!cursor.is(')')) {
    cursor.acceptOne(['DISTINCT', 'ALL'])
    cursor.acceptOne(['BOTH', 'LEADING', 'TRAILING'])
    if (!cursor.accept('*')) args.push(...argumentsOf(cursor, grammar, name))
    if (cursor.accept('ORDER', 'BY')) order = grammar.sortList()
    if (cursor.accept('SEPARATOR')) cursor.string()
    args.push(...limits(cursor, grammar))
  }
  cursor.expect(')')
  if (name === 'match') args.push(against(cursor, grammar))
  if (cursor.accept('WITHIN')) {
    cursor.expect('GROUP', '(', 'ORDER', 'BY')
    order = grammar.sortList()
    cursor.expect(')')
  }
  const call = { ...called(start, schema, name, args), order }
  return cursor.accept('OVER') ? { ...call, over: grammar.over() } : call
}

/** `LIMIT` inside an aggregate that puts rows together. */
function limits(cursor: Cursor, grammar: Grammar): readonly Expression[] {
  if (!cursor.accept('LIMIT')) return []
  const first = grammar.operand()
  return cursor.acceptOne([',', 'OFFSET']) === undefined ? [first] : [first, grammar.operand()]
}

function argumentsOf(cursor: Cursor, grammar: Grammar, name: string): readonly Expression[] {
  const { kind, text } = cursor.peek()
  if (kind === 'word' && wordFirst.get(name)?.has(text) === true) {
    cursor.next()
    if (!cursor.accept('FROM')) cursor.expect(',')
  }
  if (name === 'position') {
    const part = grammar.operand()
    cursor.expect('IN')
    return [part, grammar.expression()]
  }
  if (name === 'convert') {
    const value = grammar.expression()
    if (cursor.accept(',')) return [value, ...typeName(cursor)]
    cursor.expect('USING')
    cursor.name()
    return [value]
  }
  const args: Expression[] = []
  do {
    cursor.accept('FROM')
    args.push(grammar.expression())
    if (cursor.accept('AS')) args.push(...typeName(cursor, filledBy(name)))
  } while (cursor.acceptOne([',', 'FROM', 'FOR']) !== undefined)
  if (name === 'weight_string' && cursor.accept('LEVEL')) levels(cursor)
  if (cursor.accept('USING')) cursor.name()
  return args
}

/** Types whose values a function fills up to the length that is given. */
function filledBy(name: string): RegExp | undefined {
  return name === 'weight_string' ? /./ : undefined
}

const times = new Set(['DATE', 'TIME', 'DATETIME', 'TIMESTAMP'])

/** Functions whose first argument is a word of the grammar. */
const wordFirst: ReadonlyMap<string, ReadonlySet<string>> = new Map([
  ['timestampdiff', units],
  ['timestampadd', units],
  ['extract', units],
  ['get_format', times],
])

/** The levels of a collation that `WEIGHT_STRING` takes. */
function levels(cursor: Cursor): void {
  do {
    if (cursor.next().kind !== 'number') cursor.fail()
    while (cursor.acceptOne(['ASC', 'DESC', 'REVERSE']) !== undefined);
  } while (cursor.acceptOne([',', '-']) !== undefined)
}

/**
 * A type, such as the one after `CAST(x AS`; it is made of words and numbers only. Gives the length
 * to which it fills values up, if it does.
 */
export function typeName(cursor: Cursor, filled = /^BINARY$/): readonly Expression[] {
  const start = cursor.peek()
  if (start.kind !== 'word') cursor.fail()
  const lengths: Expression[] = []
  while (cursor.peek().kind === 'word') {
    const isFilled = filled.test(cursor.next().text)
    if (!cursor.accept('(')) continue
    const numbers = cursor.list(() =>
      cursor.peek().kind === 'number' ? cursor.next() : cursor.fail(),
    )
    const integer = Number(numbers[0]?.text)
    if (isFilled) lengths.push({ kind: 'literal', integer, span: cursor.span(start) })
    cursor.expect(')')
  }
  return lengths
}

/** What follows the columns of `MATCH`. */
export function against(cursor: Cursor, grammar: Grammar): Expression {
  cursor.expect('AGAINST', '(')
  const text = grammar.operand()
  if (!cursor.accept('IN', 'BOOLEAN', 'MODE')) cursor.accept('IN', 'NATURAL', 'LANGUAGE', 'MODE')
  cursor.accept('WITH', 'QUERY', 'EXPANSION')
  cursor.expect(')')
  return text
}
