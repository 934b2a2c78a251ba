import type { Expression, Window } from '../tree.ts'
import { call } from './calls.ts'
import type { Cursor } from './text/cursor.ts'
import { closed, isEmpty, isNode, listOf, nameOf, type Node, nodeOf } from './node.ts'
import { typeWords, units } from './text/words.ts'

/** How each kind of node stands in the text. A kind that is not here is refused. */
const kinds: Readonly<Record<string, (node: Node, cursor: Cursor) => Expression>> = {
  number: numeric,
  bigint: numeric,
  single_quote_string: text,
  string: text,
  bool: constant,
  null: constant,
  star,
  column_ref: column,
  double_quote_string: column,
  binary_expr: binary,
  unary_expr: unary,
  function: call,
  aggr_func: call,
  window_func: call,
  case: cases,
  cast,
  interval,
  extract,
  expr_list: row,
}

/** An expression as it stands, from the parser's tree of it. */
export function expression(given: unknown, cursor: Cursor): Expression {
  return cursor.nested(() => {
    const node = nodeOf(given, cursor)
    const start = cursor.peek()
    const isBracketed = node['parentheses'] === true && cursor.accept('(')
    const isQuery = isNode(node['ast'])
    if (isQuery && !isBracketed) cursor.fail()
    const value = isQuery
      ? scalar(node, cursor)
      : (kinds[String(node['type'])] ?? unknown)(node, cursor)
    if (isBracketed) cursor.expect(')')
    return isBracketed && isQuery ? { ...value, span: cursor.span(start) } : value
  })
}

function unknown(_node: Node, cursor: Cursor): never {
  return cursor.fail()
}

/** Expressions with commas between them. */
export function list(given: unknown, cursor: Cursor): readonly Expression[] {
  return listOf(given, cursor).map((node, index) => {
    if (index > 0) cursor.expect(',')
    return expression(node, cursor)
  })
}

function scalar(node: Node, cursor: Cursor): Expression {
  closed(node, ['ast'], cursor)
  const start = cursor.peek()
  const inner = cursor.grammar.query(node['ast'], cursor)
  return { kind: 'query', form: 'scalar', operands: [], query: inner, span: cursor.span(start) }
}

/** Values between brackets that have been passed. */
function row(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'value'], cursor)
  const start = cursor.peek()
  if (node['parentheses'] !== true) cursor.fail()
  const operands = list(node['value'], cursor)
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

function numeric(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'value'], cursor)
  const start = cursor.peek()
  const sign = cursor.accept('-') ? '-' : ''
  if (sign === '') cursor.accept('+')
  const token = cursor.next()
  const value = Number(sign + token.text)
  if (token.kind !== 'number' || value !== Number(node['value'])) cursor.fail()
  const isInteger = sign === '' && /^\d+$/.test(token.text)
  return {
    kind: 'literal',
    integer: isInteger ? value : undefined,
    value,
    span: cursor.span(start),
  }
}

function text(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'value'], cursor)
  const token = cursor.string(node['value'])
  const { start, end } = token
  return { kind: 'literal', integer: undefined, value: token.text, span: { start, end } }
}

function constant(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'value'], cursor)
  const start = cursor.peek()
  cursor.expect(String(node['value']).toUpperCase())
  return { kind: 'literal', integer: undefined, span: cursor.span(start) }
}

function star(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'value'], cursor)
  const start = cursor.peek()
  cursor.expect('*')
  return { kind: 'star', parts: [], span: cursor.span(start) }
}

function column(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'db', 'schema', 'table', 'column', 'value', 'expr'], cursor)
  const given = ['db', 'schema', 'table', 'column', 'value']
    .map((field) => node[field])
    .filter((part) => !isEmpty(part))
    .map((part) => nameOf(part))
  const start = cursor.peek()
  const isStar = given.at(-1) === '*'
  if (isStar && cursor.accept('*')) {
    return given.length === 1
      ? { kind: 'star', parts: [], span: cursor.span(start) }
      : cursor.fail()
  }
  const path = cursor.path()
  if (isStar) cursor.expect('.', '*')
  for (const name of isStar ? path : path.slice(0, -1)) cursor.tableName(name)
  const shown = path.map((part) => part.shown)
  if ([...shown, ...(isStar ? ['*'] : [])].join('.') !== given.join('.')) cursor.fail()
  const parts = path.map(({ name }) => name)
  const span = cursor.span(start)
  if (isStar) return { kind: 'star', parts, span }
  // SQLite takes a quoted name that nothing has for a string.
  const isString = cursor.engine === 'sqlite' && start.kind === 'name' && parts.length === 1
  return { kind: 'column', parts, ...(isString ? { asString: start.text } : {}), span }
}

const logical = new Set(['AND', 'OR'])

function binary(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'operator', 'left', 'right'], cursor)
  const start = cursor.peek()
  const chain = leftMost(node)
  const operands = [expression(chain[0]?.['left'], cursor)]
  for (const { operator, right } of chain)
    operands.push(...operand(String(operator), right, cursor))
  const isLogical = chain.every(({ operator }) => logical.has(String(operator)))
  const span = cursor.span(start)
  return { kind: 'operator', symbols: [], ...(isLogical ? { isLogical } : {}), operands, span }
}

/** A chain of operators without brackets, so that a long one is not deep. */
function leftMost(node: Node): readonly Node[] {
  const chain: Node[] = []
  for (let at: unknown = node; isNode(at) && at['type'] === 'binary_expr'; at = at['left']) {
    if (at !== node && at['parentheses'] === true) break
    chain.unshift(at)
  }
  return chain
}

function operand(operator: string, right: unknown, cursor: Cursor): readonly Expression[] {
  const words = operator.toUpperCase().split(' ')
  cursor.expect(...words)
  const last = words.at(-1)
  if (last === 'BETWEEN') {
    const [from, to, ...others] = listOf(nodeOf(right, cursor)['value'], cursor)
    if (others.length > 0) cursor.fail()
    const lower = expression(from, cursor)
    cursor.expect('AND')
    return [lower, expression(to, cursor)]
  }
  if (last === 'IN') return within(nodeOf(right, cursor), cursor)
  return [expression(right, cursor)]
}

/** What stands between brackets after `IN`. */
function within(node: Node, cursor: Cursor): readonly Expression[] {
  closed(node, ['type', 'value'], cursor)
  if (node['type'] !== 'expr_list') cursor.fail()
  const [only, second] = listOf(node['value'], cursor)
  const start = cursor.peek()
  cursor.expect('(')
  if (isNode(only?.['ast']) && second === undefined && !cursor.is('(')) {
    const inner = cursor.grammar.query(only['ast'], cursor)
    cursor.expect(')')
    const span = cursor.span(start)
    return [{ kind: 'query', form: 'compare', operands: [], query: inner, span }]
  }
  const items = list(node['value'], cursor)
  cursor.expect(')')
  return items
}

function unary(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'operator', 'expr'], cursor)
  const start = cursor.peek()
  cursor.expect(...String(node['operator']).toUpperCase().split(' '))
  const operands = [expression(node['expr'], cursor)]
  const span = cursor.span(start)
  // A sign makes another constant.
  return {
    kind: 'operator',
    symbols: [],
    operands: [...operands, { kind: 'literal', integer: undefined, span }],
    span,
  }
}

function cases(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'expr', 'args'], cursor)
  const start = cursor.peek()
  cursor.expect('CASE')
  const operands = isEmpty(node['expr']) ? [] : [expression(node['expr'], cursor)]
  for (const part of listOf(node['args'], cursor)) {
    closed(part, ['type', 'cond', 'result'], cursor)
    if (part['type'] === 'when') {
      cursor.expect('WHEN')
      operands.push(expression(part['cond'], cursor))
      cursor.expect('THEN')
    } else cursor.expect('ELSE')
    operands.push(expression(part['result'], cursor))
  }
  cursor.expect('END')
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

function cast(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'keyword', 'expr', 'symbol', 'target'], cursor)
  const start = cursor.peek()
  const isCall = node['symbol'] === 'as'
  if (isCall) cursor.expect('CAST', '(')
  const operand = expression(node['expr'], cursor)
  cursor.expect(isCall ? 'AS' : '::')
  const type = typeName(cursor)
  if (isCall) cursor.expect(')')
  return { kind: 'cast', operand, type, span: cursor.span(start) }
}

/** The words of a type, and numbers in brackets after them. */
function typeName(cursor: Cursor): string {
  const words: string[] = []
  while (cursor.peek().kind === 'word' && typeWords.has(cursor.peek().text.toUpperCase())) {
    words.push(cursor.next().text.toLowerCase())
  }
  if (words.length === 0) cursor.fail()
  if (cursor.accept('(')) {
    do {
      if (cursor.next().kind !== 'number') cursor.fail()
    } while (cursor.accept(','))
    cursor.expect(')')
  }
  return words[0] ?? ''
}

function interval(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'expr', 'unit'], cursor)
  const start = cursor.peek()
  cursor.expect('INTERVAL')
  const operands = [expression(node['expr'], cursor)]
  if (!isEmpty(node['unit'])) unit(String(node['unit']), cursor)
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

function unit(given: string, cursor: Cursor): void {
  const name = given.toUpperCase()
  if (!units.has(name)) cursor.fail()
  cursor.expect(name)
}

function extract(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'args'], cursor)
  const start = cursor.peek()
  const args = nodeOf(node['args'], cursor)
  closed(args, ['field', 'source', 'cast_type'], cursor)
  if (!isEmpty(args['cast_type'])) cursor.fail()
  cursor.expect('EXTRACT', '(')
  unit(String(args['field']), cursor)
  cursor.expect('FROM')
  const operands = [expression(args['source'], cursor)]
  cursor.expect(')')
  return { kind: 'operator', symbols: [], operands, span: cursor.span(start) }
}

/** A window between brackets, with the word before it. */
export function over(given: unknown, cursor: Cursor): Window | undefined {
  if (isEmpty(given)) return undefined
  const node = nodeOf(given, cursor)
  closed(node, ['type', 'as_window_specification'], cursor)
  const outer = nodeOf(node['as_window_specification'], cursor)
  closed(outer, ['window_specification'], cursor)
  const inner = nodeOf(outer['window_specification'] ?? {}, cursor)
  closed(inner, ['partitionby', 'orderby'], cursor)
  cursor.expect('OVER', '(')
  let partition: readonly Expression[] = []
  if (!isEmpty(inner['partitionby'])) {
    cursor.expect('PARTITION', 'BY')
    partition = listOf(inner['partitionby'], cursor).map((item, index) => {
      if (index > 0) cursor.expect(',')
      closed(item, ['type', 'expr'], cursor)
      return expression(item['expr'], cursor)
    })
  }
  const order = cursor.grammar.sorted(inner['orderby'], cursor)
  cursor.expect(')')
  return { name: undefined, partition, order, frame: [] }
}
