import type {
  CallExpression,
  Expression,
  FieldExpression,
  QueryExpression,
  Window,
} from '../dialect/tree.ts'
import { checkBuiltBytes, checkCallCost } from '../cost/call-cost.ts'
import { type Context, type Position, readAll } from './context.ts'
import { groupedCall } from './names/groups.ts'
import { expandStar } from './names/items.ts'
import { findRelation, resolveColumn } from './names/names.ts'
import { noteSources, noteWhole } from './names/note.ts'
import { checkCast, searcherOf } from './names/own-rules.ts'
import { type Source, sourcesOf, unique } from './relation.ts'

/** Resolves an expression and gives the columns of the database that its value comes from. */
export function resolveExpression(
  context: Context,
  expression: Expression,
  position: Position,
): readonly Source[] {
  switch (expression.kind) {
    case 'literal':
      if (expression.plain !== undefined) {
        context.reads.strings.push({ span: expression.span, text: expression.plain })
      }
      return []
    case 'parameter':
      return []
    case 'column':
      return resolveColumn(context, expression, position)
    case 'star':
      return sourcesOf(expandStar(context, expression, position.scope).columns)
    case 'operator':
      for (const symbol of expression.symbols) {
        if (context.access !== undefined && !context.traits.safeOperators.has(symbol)) {
          refuseName(context, 'operator', symbol, expression)
        }
      }
      return unique(readAll(context, expression.operands, position))
    case 'cast':
      checkCast(context, expression)
      if (expression.width !== undefined) {
        const { width, type: name, span } = expression
        checkBuiltBytes(context, width, { name, span }, position.scope)
      }
      return context.expression(expression.operand, position)
    case 'call':
      return resolveCall(context, expression, position)
    case 'query':
      return resolveSubquery(context, expression, position)
    case 'field':
      return resolveField(context, expression, position)
  }
}

function resolveCall(
  context: Context,
  call: CallExpression,
  position: Position,
): readonly Source[] {
  const { access } = context
  const arity = arityOf(call)
  const searcher = searcherOf(context.traits)
  const searches = searcher?.functions.has(call.name) ?? false
  const isUnseen = searches !== (call.searches !== undefined)
  const isRefused = isUnseen || !access?.allowsFunction(call.schema, call.name, arity)
  if (access !== undefined && isRefused) {
    const isBare = call.schema === undefined || call.schema === 'pg_catalog'
    refuseName(context, 'function', isBare ? call.name : `${call.schema}.${call.name}`, call)
  }
  context.reads.call(call.schema, call.name, arity)
  checkCallCost(context, call, position.scope)
  if (groupedCall(context, call, position)) return []
  const sources = [...readAll(context, call.args, position)]
  if (call.searches !== undefined && searcher !== undefined) {
    sources.push(...searcher.columns(context, call.searches, position))
  }
  sources.push(...readAll(context, call.order, { ...position, use: 'sort' }))
  if (call.filter !== undefined) {
    context.expression(call.filter, { ...position, use: 'filter' })
  }
  if (call.over !== undefined) resolveWindow(context, call.over, position)
  return unique(sources)
}

/** Arguments as they are written between the brackets; a star is none. */
function arityOf({ args }: CallExpression): number {
  return args.filter(({ kind }) => kind !== 'star').length
}

function resolveWindow(context: Context, window: Window, position: Position): void {
  readAll(context, window.partition, { ...position, use: 'group' })
  readAll(context, window.order, { ...position, use: 'sort' })
  readAll(context, window.frame, { ...position, use: 'filter' })
}

function resolveSubquery(
  context: Context,
  { operands, query, form, span }: QueryExpression,
  position: Position,
): readonly Source[] {
  const sources = readAll(context, operands, position)
  const outcome = context.query(query, position.scope.commonTables, position.scope)
  const output = sourcesOf(outcome.columns)
  if (form !== 'exists' && position.use !== 'output') {
    noteSources(context, output, position.use, { span })
  }
  return form === 'exists' ? sources : unique([...sources, ...output])
}

/** `(u).name` reads one column of `u`; of anything else, the field may be a function call. */
function resolveField(
  context: Context,
  field: FieldExpression,
  position: Position,
): readonly Source[] {
  const { operand, name, span } = field
  if (operand.kind === 'column' && operand.parts.length === 1) {
    const relation = findRelation(context, operand.parts, position.scope)
    const isColumn = position.scope.columns.some(({ key }) => key === operand.parts[0])
    if (relation !== undefined && !isColumn) {
      if (name === '*') return noteWhole(context, relation, position.use, span)
      // Without a catalog, the field may be a function that takes the row.
      if (relation.rest !== undefined) refuseField(context, name, span)
      return resolveColumn(
        context,
        { kind: 'column', parts: [...operand.parts, name], span },
        position,
      )
    }
  }
  const call =
    operand.kind === 'call' ? context.traits.functionColumns.get(operand.name) : undefined
  const isKnown = call !== undefined && (name === '*' || call.includes(name))
  if (!isKnown && context.access?.allowsFunction(undefined, name, 1) === false) {
    refuseField(context, name, span)
  }
  return context.expression(operand, position)
}

function refuseField(context: Context, name: string, span: Expression['span']): void {
  context.reads.report({
    code: 'construct-refused',
    message: 'A field of a value may be a call to a function; select the column itself.',
    span,
    subject: name,
  })
}

function refuseName(
  context: Context,
  what: 'function' | 'operator',
  name: string,
  { span }: Expression,
): void {
  context.reads.report({
    code: 'function-refused',
    message: `The ${what} ${name} is not on the list of permitted ones.`,
    span,
    subject: name,
  })
}
