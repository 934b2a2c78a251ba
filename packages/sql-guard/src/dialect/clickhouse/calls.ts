import { refuse } from '../refusal.ts'
import type { Token } from '../text/cursor.ts'
import type { CallExpression, Expression } from '../tree.ts'
import { functionName } from './functions.ts'
import type { Grammar } from './grammar.ts'
import type { Cursor } from './text/cursor.ts'
import { units } from './text/words.ts'
import { skipType } from './types.ts'

/** A call; its name has been passed. */
export function call(cursor: Cursor, grammar: Grammar, start: Token, written: string): Expression {
  const name = functionName(written)
  let args = argumentsOf(cursor, grammar, name)
  const parameters: Expression[] = []
  if (cursor.is('(')) {
    // The first brackets held the parameters of an aggregate.
    parameters.push(...args)
    args = argumentsOf(cursor, grammar, name)
  }
  let filter: Expression | undefined
  if (cursor.accept('FILTER')) {
    cursor.expect('(', 'WHERE')
    filter = grammar.expression()
    cursor.expect(')')
  }
  if (cursor.acceptOne(['RESPECT', 'IGNORE']) !== undefined) cursor.expect('NULLS')
  const over = cursor.accept('OVER') ? grammar.window() : undefined
  const operands = growing.has(name) ? args.map((each) => weighed(each, grammar)) : args
  return { ...called(start, name, [...operands, ...parameters]), filter, over }
}

function called(start: Token, name: string, args: readonly Expression[]): CallExpression {
  return {
    kind: 'call',
    schema: undefined,
    name,
    args,
    order: [],
    filter: undefined,
    over: undefined,
    span: { start: start.start, end: start.end },
  }
}

function argumentsOf(cursor: Cursor, grammar: Grammar, name: string): readonly Expression[] {
  cursor.expect('(')
  if (cursor.accept(')')) return []
  cursor.acceptOne(['DISTINCT', 'ALL'])
  const { keyword = '' } = cursor.peek()
  if (unitFirst.has(name.toLowerCase()) && units.has(keyword) && cursor.peek(1).text === ',') {
    cursor.next()
    cursor.next()
  }
  const args = cursor.list(() => argument(cursor, grammar, name)).flat()
  cursor.expect(')')
  return args
}

function argument(cursor: Cursor, grammar: Grammar, name: string): readonly Expression[] {
  const start = cursor.peek()
  if (cursor.accept('*')) {
    if (cursor.is('EXCEPT') || cursor.is('APPLY') || cursor.is('REPLACE')) cursor.fail()
    // Counting rows reads no column.
    return name === 'count' ? [] : [{ kind: 'star', parts: [], span: cursor.span(start) }]
  }
  const parameters = lambdaParameters(cursor)
  if (parameters === undefined) return [grammar.expression()]
  grammar.parameters.push([...(grammar.parameters.at(-1) ?? []), ...parameters])
  const body = grammar.plain()
  grammar.parameters.pop()
  if (cursor.is('AS')) {
    // It would be a function of that name, in place of the engine's own.
    const message = 'A lambda must not have a name of its own.'
    refuse('construct-refused', message, cursor.span(start))
  }
  return [body]
}

/** `x ->` or `(x, y) ->`; steps over them where they are next. */
function lambdaParameters(cursor: Cursor): readonly string[] | undefined {
  if (cursor.peek(1).text === '->' && cursor.isName()) {
    const name = cursor.name()
    cursor.expect('->')
    return [name]
  }
  if (!cursor.is('(')) return undefined
  let at = 1
  while (cursor.peek(at + 1).text === ',' && cursor.peek(at + 1).kind === 'symbol') at += 2
  if (cursor.peek(at + 1).text !== ')' || cursor.peek(at + 2).text !== '->') return undefined
  cursor.expect('(')
  const names = cursor.list(() => cursor.name())
  cursor.expect(')', '->')
  return names
}

/** A constant that an alias stands for counts where it decides how large an answer is. */
function weighed(argument: Expression, grammar: Grammar): Expression {
  if (argument.kind !== 'column' || argument.parts.length !== 1) return argument
  const [name] = argument.parts
  const constants = grammar.scopes
    .named(name ?? '')
    .map((alias) => alias.expression)
    .filter(({ kind }) => kind === 'literal')
  if (constants.length === 0) return argument
  const operands = [...constants, argument]
  return { kind: 'operator', symbols: [], operands, span: argument.span }
}

const growing: ReadonlySet<string> = new Set(
  'repeat space range arrayWithConstant replicate leftPad rightPad leftPadUTF8 rightPadUTF8 lpad rpad'.split(
    ' ',
  ),
)

/** Functions whose first argument may be the bare unit of an interval. */
const unitFirst: ReadonlySet<string> = new Set(
  `dateadd date_add datesub date_sub datediff date_diff timestampadd timestamp_add timestampsub timestamp_sub
  timestampdiff timestamp_diff`.split(/\s+/),
)

/** Calls whose arguments have words between them. */
export function special(cursor: Cursor, grammar: Grammar, start: Token): Expression | undefined {
  switch (start.keyword) {
    case 'CAST':
    case 'TRY_CAST':
      return cast(cursor, grammar, start)
    case 'EXTRACT':
      return units.has(cursor.peek(2).keyword ?? '') && cursor.peek(3).keyword === 'FROM'
        ? between(cursor, grammar, start, 4, 'toYear')
        : undefined
    case 'TRIM':
      return trim(cursor, grammar, start)
    case 'SUBSTRING':
    case 'SUBSTR':
      return substring(cursor, grammar, start)
    case 'POSITION':
      return position(cursor, grammar, start)
    case 'OVERLAY':
      return refuse('construct-refused', 'OVERLAY is not allowed.', cursor.span(start), 'OVERLAY')
    default:
      return undefined
  }
}

function cast(cursor: Cursor, grammar: Grammar, start: Token): Expression {
  cursor.next()
  cursor.expect('(')
  const operand = grammar.plain()
  if (cursor.accept('AS')) skipType(cursor)
  else {
    cursor.expect(',')
    if (cursor.next().kind !== 'string') cursor.fail()
  }
  cursor.expect(')')
  return { kind: 'cast', operand, type: '', span: cursor.span(start) }
}

function between(
  cursor: Cursor,
  grammar: Grammar,
  start: Token,
  skipped: number,
  name: string,
): Expression {
  for (let at = 0; at < skipped; at++) cursor.next()
  const operand = grammar.expression()
  cursor.expect(')')
  return called(start, name, [operand])
}

function trim(cursor: Cursor, grammar: Grammar, start: Token): Expression | undefined {
  if (!['BOTH', 'LEADING', 'TRAILING'].includes(cursor.peek(2).keyword ?? '')) return undefined
  if (cursor.peek(3).kind !== 'string') return undefined
  for (let at = 0; at < 3; at++) cursor.next()
  const characters = grammar.chain()
  cursor.expect('FROM')
  const operand = grammar.expression()
  cursor.expect(')')
  return called(start, 'trim', [operand, characters])
}

function substring(cursor: Cursor, grammar: Grammar, start: Token): Expression {
  cursor.next()
  cursor.expect('(')
  const args = [grammar.expression()]
  while (cursor.acceptOne([',', 'FROM', 'FOR']) !== undefined) args.push(grammar.expression())
  cursor.expect(')')
  return called(start, 'substring', args)
}

function position(cursor: Cursor, grammar: Grammar, start: Token): Expression {
  cursor.next()
  cursor.expect('(')
  const args = [grammar.chain()]
  if (cursor.acceptOne([',', 'IN']) === undefined) cursor.fail()
  args.push(...cursor.list(() => grammar.expression()))
  cursor.expect(')')
  return called(start, 'position', args)
}
