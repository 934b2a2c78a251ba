import type { CallExpression, Expression } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'
import { closed, isEmpty, isNode, listOf, nameOf, type Node, nodeOf } from './node.ts'
import { textSearch } from '../postgres/catalog-names.ts'
import { callable, keywords } from './text/words.ts'

const forms = new Set(['COALESCE', 'NULLIF', 'GREATEST', 'LEAST'])

/** Calls that look names up in the catalog of PostgreSQL. */
const lookups = new Set([...textSearch, 'pg_typeof'].map((name) => name.toUpperCase()))

/** A call as it stands, from the parser's tree of it. */
export function call(node: Node, cursor: Cursor): Expression {
  closed(node, ['type', 'name', 'args', 'over'], cursor)
  const start = cursor.peek()
  const names = namesOf(node['name'], cursor)
  if (names.at(-1)?.toUpperCase() === 'EXISTS') return exists(node, cursor)
  if (names.at(-1)?.toUpperCase() === 'NOT EXISTS') {
    cursor.expect('NOT')
    return exists(node, cursor)
  }
  if (names.at(-1)?.toUpperCase() === 'NOT') return negation(node, cursor)
  const token = cursor.next()
  const word = token.text.toUpperCase()
  const isName = token.kind === 'word' && (!keywords.has(word) || callable.has(word))
  if (cursor.engine === 'postgres' && lookups.has(word)) cursor.fail()
  if (!isName || names.length !== 1 || names[0]?.toUpperCase() !== word) cursor.fail()
  cursor.expect('(')
  const args = cursor.is(')') ? noArguments(node, cursor) : argumentsOf(node, cursor)
  const order = isNode(node['args']) ? cursor.grammar.sorted(node['args']['orderby'], cursor) : []
  cursor.expect(')')
  const window = cursor.grammar.over(node['over'], cursor)
  const span = cursor.span(start)
  // To PostgreSQL, these are syntax.
  if (cursor.engine === 'postgres' && forms.has(word) && window === undefined) {
    return { kind: 'operator', symbols: [], operands: args, span }
  }
  const found: CallExpression = {
    kind: 'call',
    schema: undefined,
    name: token.text.toLowerCase(),
    args,
    order,
    filter: undefined,
    over: window,
    span,
  }
  return found
}

function negation(node: Node, cursor: Cursor): Expression {
  const start = cursor.peek()
  cursor.expect('NOT', '(')
  const args = nodeOf(node['args'], cursor)
  closed(args, ['type', 'value'], cursor)
  if (!isEmpty(node['over'])) cursor.fail()
  const operands = cursor.grammar.list(args['value'], cursor)
  cursor.expect(')')
  return { kind: 'operator', symbols: [], isLogical: true, operands, span: cursor.span(start) }
}

function namesOf(given: unknown, cursor: Cursor): readonly string[] {
  if (typeof given === 'string') return [given]
  const node = nodeOf(given, cursor)
  closed(node, ['name'], cursor)
  return listOf(node['name'], cursor).map((part) => nameOf(part) ?? cursor.fail())
}

function noArguments(node: Node, cursor: Cursor): readonly Expression[] {
  const args = node['args']
  const value = isNode(args) ? (args['value'] ?? args['expr']) : args
  return isEmpty(value) ? [] : cursor.fail()
}

function argumentsOf(node: Node, cursor: Cursor): readonly Expression[] {
  const args = nodeOf(node['args'], cursor)
  if (args['type'] === 'expr_list') {
    closed(args, ['type', 'value'], cursor)
    return cursor.grammar.list(args['value'], cursor)
  }
  closed(args, ['distinct', 'expr', 'orderby'], cursor)
  if (!isEmpty(args['distinct'])) cursor.expect('DISTINCT')
  if (isNode(args['expr']) && args['expr']['type'] === 'star') {
    cursor.expect('*')
    return []
  }
  const value = args['expr']
  return isNode(value) && value['type'] === 'expr_list'
    ? cursor.grammar.list(value['value'], cursor)
    : [cursor.grammar.expression(value, cursor)]
}

function exists(node: Node, cursor: Cursor): Expression {
  const start = cursor.peek()
  cursor.expect('EXISTS', '(')
  const args = nodeOf(node['args'], cursor)
  closed(args, ['type', 'value'], cursor)
  const [only, second] = listOf(args['value'], cursor)
  if (only === undefined || second !== undefined || !isNode(only['ast'])) return cursor.fail()
  const inner = cursor.grammar.query(only['ast'], cursor)
  cursor.expect(')')
  return { kind: 'query', form: 'exists', operands: [], query: inner, span: cursor.span(start) }
}
