import type {
  JsonAggConstructor,
  JsonBehavior,
  JsonOutput,
  Node,
  TypeName,
  WindowDef,
} from 'libpg-query'
import { refuse } from '../refusal.ts'
import type { CallExpression, Expression, OperatorExpression, Window } from '../tree.ts'
import { type Build, kindOf, type NodeKind, type NodeValue, texts } from './nodes.ts'

type Translation<Kind extends NodeKind> = (value: NodeValue<Kind>, build: Build) => Expression

/** How each kind of node in an expression is translated. A kind that is not here is refused. */
export const expressionKinds: { readonly [Kind in NodeKind]?: Translation<Kind> } = {
  ColumnRef: ({ fields, location }, build) => {
    const parts = texts(fields)
    const span = build.span(location)
    return parts.at(-1) === '*' && kindOf(fields?.at(-1) ?? {}) === 'A_Star'
      ? { kind: 'star', parts: parts.slice(0, -1), span }
      : { kind: 'column', parts, span }
  },
  A_Const: ({ ival, fval, sval, location }, build) => ({
    kind: 'literal',
    integer: ival === undefined ? undefined : (ival.ival ?? 0),
    value: fval === undefined ? sval?.sval : Number(fval.fval?.replaceAll('_', '')),
    span: build.span(location),
  }),
  ParamRef: ({ number, location }, build) => ({
    kind: 'parameter',
    name: `$${number ?? 0}`,
    span: build.span(location),
  }),
  A_Expr: (value, build) => {
    const path = texts(value.name)
    const symbols = isSpelledOut(value.kind) ? [] : [operatorName(path)]
    return {
      kind: 'operator',
      symbols,
      operands: build.expressions(both(value.lexpr, value.rexpr)),
      span: build.span(value.location),
    }
  },
  BoolExpr: ({ args, location }, build) => ({
    ...combine(args, location, build),
    isLogical: true,
  }),
  NullTest: ({ arg, location }, build) => combine(both(arg), location, build),
  BooleanTest: ({ arg, location }, build) => combine(both(arg), location, build),
  CollateClause: ({ arg, location }, build) => combine(both(arg), location, build),
  NamedArgExpr: ({ arg, location }, build) => combine(both(arg), location, build),
  CaseExpr: ({ arg, args, defresult, location }, build) =>
    combine([...both(arg), ...(args ?? []), ...both(defresult)], location, build),
  CaseWhen: ({ expr, result, location }, build) => combine(both(expr, result), location, build),
  CoalesceExpr: ({ args, location }, build) => combine(args, location, build),
  MinMaxExpr: ({ args, location }, build) => combine(args, location, build),
  RowExpr: ({ args, location }, build) => combine(args, location, build),
  A_ArrayExpr: ({ elements, location }, build) => combine(elements, location, build),
  List: ({ items }, build) => combine(items, -1, build),
  GroupingFunc: ({ args, location }, build) => combine(args, location, build),
  GroupingSet: ({ content, location }, build) => combine(content, location, build),
  SQLValueFunction: ({ op, location }, build) =>
    call(String(op).slice(6).toLowerCase().replace(/_n$/, ''), [], location, build),
  FuncCall: (value, build) => {
    const path = texts(value.funcname)
    if (path.length > 2) {
      refuse('function-refused', 'The function is in another database.', build.span(value.location))
    }
    return {
      kind: 'call',
      schema: path.length > 1 ? path[0] : undefined,
      name: path.at(-1) ?? '',
      args: build.expressions(value.args),
      order: build.expressions(value.agg_order?.map(sorted)),
      filter: build.optional(value.agg_filter),
      over: value.over === undefined ? undefined : window(value.over, build),
      span: build.span(value.location),
    }
  },
  TypeCast: ({ arg, typeName, location }, build) => ({
    kind: 'cast',
    operand: build.expression(arg),
    type: typeText(typeName),
    span: build.span(location === -1 ? typeName?.location : location),
  }),
  SubLink: (value, build) => ({
    kind: 'query',
    form:
      value.subLinkType === 'EXISTS_SUBLINK'
        ? 'exists'
        : value.subLinkType === 'EXPR_SUBLINK'
          ? 'scalar'
          : value.subLinkType === 'ARRAY_SUBLINK'
            ? 'array'
            : 'compare',
    operands: [
      ...build.expressions(both(value.testexpr)),
      ...(value.operName === undefined
        ? []
        : [operatorOnly(texts(value.operName), build.span(value.location))]),
    ],
    query: build.subquery(value.subselect),
    span: build.span(value.location),
  }),
  A_Indirection: ({ arg, indirection }, build) => {
    let expression = build.expression(arg)
    for (const step of indirection ?? []) {
      if ('A_Indices' in step) {
        const operands = build.expressions(both(step.A_Indices.lidx, step.A_Indices.uidx))
        expression = {
          kind: 'operator',
          symbols: [],
          operands: [expression, ...operands],
          span: expression.span,
        }
      } else {
        const [name = ''] = texts([step])
        expression = { kind: 'field', operand: expression, name, span: expression.span }
      }
    }
    return expression
  },
  XmlExpr: (value, build) => {
    const named = (value.named_args ?? []).map((node) =>
      'ResTarget' in node ? node.ResTarget.val : node,
    )
    return call(
      String(value.op).slice(3).toLowerCase(),
      [...both(...named), ...(value.args ?? [])],
      value.location,
      build,
    )
  },
  XmlSerialize: ({ expr, location }, build) => call('xmlserialize', both(expr), location, build),
  JsonValueExpr: ({ raw_expr }, build) => build.expression(raw_expr),
  JsonKeyValue: ({ key, value }, build) =>
    combine(both(key, value === undefined ? undefined : { JsonValueExpr: value }), -1, build),
  JsonObjectConstructor: ({ exprs, output, location }, build) =>
    json('json_object', exprs, output, location, build),
  JsonArrayConstructor: ({ exprs, output, location }, build) =>
    json('json_array', exprs, output, location, build),
  JsonArrayQueryConstructor: ({ query, output, location }, build) => ({
    ...json('json_array', [], output, location, build),
    args: [
      {
        kind: 'query',
        form: 'array',
        operands: [],
        query: build.subquery(query),
        span: build.span(location),
      },
    ],
  }),
  JsonObjectAgg: (value, build) =>
    aggregate(
      'json_objectagg',
      both(value.arg && { JsonKeyValue: value.arg }),
      // The field is named like a property that every object has.
      Object.hasOwn(value, 'constructor') ? value.constructor : undefined,
      build,
    ),
  JsonArrayAgg: (value, build) =>
    aggregate(
      'json_arrayagg',
      both(value.arg && { JsonValueExpr: value.arg }),
      Object.hasOwn(value, 'constructor') ? value.constructor : undefined,
      build,
    ),
  JsonIsPredicate: ({ expr, location }, build) => combine(both(expr), location, build),
  JsonParseExpr: ({ expr, output, location }, build) =>
    json('json', both(expr && { JsonValueExpr: expr }), output, location, build),
  JsonScalarExpr: ({ expr, output, location }, build) =>
    json('json_scalar', both(expr), output, location, build),
  JsonSerializeExpr: ({ expr, output, location }, build) =>
    json('json_serialize', both(expr && { JsonValueExpr: expr }), output, location, build),
  JsonFuncExpr: (value, build) => {
    const passing = (value.passing ?? []).map((node) =>
      'JsonArgument' in node && node.JsonArgument.val !== undefined
        ? { JsonValueExpr: node.JsonArgument.val }
        : node,
    )
    return json(
      String(value.op).replace(/_OP$/, '').toLowerCase(),
      [
        ...both(value.context_item && { JsonValueExpr: value.context_item }, value.pathspec),
        ...passing,
        ...otherwise(value.on_empty),
        ...otherwise(value.on_error),
      ],
      value.output,
      value.location,
      build,
    )
  },
}

/** The name of a type, as its parts were written or filled in by the grammar. */
export function typeText(type: TypeName | undefined): string {
  return texts(type?.names).join('.')
}

/** A window, named or inline. */
export function window(value: WindowDef, build: Build): Window {
  return {
    name: value.refname ?? value.name,
    partition: build.expressions(value.partitionClause),
    order: build.expressions(value.orderClause?.map(sorted)),
    frame: build.expressions(both(value.startOffset, value.endOffset)),
  }
}

/** The expression of an `ORDER BY` entry; an operator of its own is checked like any other. */
export function sorted(node: Node): Node {
  if (!('SortBy' in node)) return node
  const { node: inner, useOp } = node.SortBy
  if (useOp === undefined) return inner ?? node
  return { A_Expr: { kind: 'AEXPR_OP', name: useOp, ...(inner && { lexpr: inner }) } }
}

/** The nodes that are there. */
export function both(...nodes: readonly (Node | undefined)[]): Node[] {
  return nodes.filter((node) => node !== undefined)
}

/** Whether the grammar itself fills in the operator, so that its name is not the author's. */
function isSpelledOut(kind: string | undefined): boolean {
  return kind?.includes('BETWEEN') === true
}

function operatorName(path: readonly string[]): string {
  return path.length > 1 && path[0] !== 'pg_catalog' ? path.join('.') : (path.at(-1) ?? '')
}

function operatorOnly(
  path: readonly string[],
  span: OperatorExpression['span'],
): OperatorExpression {
  return { kind: 'operator', symbols: [operatorName(path)], operands: [], span }
}

function combine(
  nodes: readonly Node[] | undefined,
  location: number | undefined,
  build: Build,
): OperatorExpression {
  return {
    kind: 'operator',
    symbols: [],
    operands: build.expressions(nodes),
    span: build.span(location),
  }
}

function call(
  name: string,
  args: readonly Node[] | undefined,
  location: number | undefined,
  build: Build,
): CallExpression {
  return {
    kind: 'call',
    schema: 'pg_catalog',
    name,
    args: build.expressions(args),
    order: [],
    filter: undefined,
    over: undefined,
    span: build.span(location),
  }
}

function json(
  name: string,
  args: readonly Node[] | undefined,
  output: JsonOutput | undefined,
  location: number | undefined,
  build: Build,
): CallExpression {
  const made = call(name, args, location, build)
  if (output?.typeName === undefined) return made
  const type = typeText(output.typeName)
  const cast: Expression = { kind: 'cast', operand: { ...made, args: [] }, type, span: made.span }
  return { ...made, args: [...made.args, cast] }
}

function aggregate(
  name: string,
  args: readonly Node[],
  constructor: JsonAggConstructor | undefined,
  build: Build,
): CallExpression {
  return {
    ...json(name, args, constructor?.output, constructor?.location, build),
    order: build.expressions(constructor?.agg_order?.map(sorted)),
    filter: build.optional(constructor?.agg_filter),
    over: constructor?.over === undefined ? undefined : window(constructor.over, build),
  }
}

function otherwise(behavior: JsonBehavior | undefined): Node[] {
  return both(behavior?.expr)
}
