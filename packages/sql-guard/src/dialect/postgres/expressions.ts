import type { Node } from 'libpg-query'
import { refuse } from '../refusal.ts'
import type { Expression, OperatorExpression } from '../tree.ts'
import { checkCatalogName, constantText, refuseTypeOf, textSearch } from './catalog-names.ts'
import { documentKinds } from './documents.ts'
import { type Build, kindOf, texts, type Translations } from './nodes.ts'
import { both, call, combine, sorted, typeText, widthOf, window } from './parts.ts'

/** How each kind of node in an expression is translated. A kind that is not here is refused. */
export const expressionKinds: Translations<Expression> = {
  ColumnRef: ({ fields, location }, build) => {
    const parts = texts(fields)
    const span = build.span(location)
    if (parts.length > 1) refuseTypeOf(parts.at(-1), span)
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
  CollateClause: ({ arg, collname, location }, build) => {
    checkCatalogName(texts(collname), build.span(location))
    return combine(both(arg), location, build)
  },
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
    const span = build.span(value.location)
    const name = path.at(-1) ?? ''
    if (path.length > 2) {
      refuse('function-refused', 'The function is in another database.', span)
    }
    const configuration = textSearch.has(name) ? constantText(value.args?.[0]) : undefined
    if (configuration !== undefined && (value.args ?? []).length > 1) {
      checkCatalogName(configuration.split('.'), span)
    }
    return {
      kind: 'call',
      schema: path.length > 1 ? path[0] : undefined,
      name,
      args: build.expressions(value.args),
      order: build.expressions(value.agg_order?.map(sorted)),
      filter: build.optional(value.agg_filter),
      over: value.over === undefined ? undefined : window(value.over, build),
      span,
    }
  },
  TypeCast: ({ arg, typeName, location }, build) => {
    const type = typeText(typeName)
    const span = build.span(location === -1 ? typeName?.location : location)
    const typed = type === 'text' ? typeOf(arg, build) : undefined
    const width = widthOf(typeName)
    return { kind: 'cast', operand: typed ?? build.expression(arg), type, width, span }
  },
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
        refuseTypeOf(name, expression.span)
        expression = { kind: 'field', operand: expression, name, span: expression.span }
      }
    }
    return expression
  },
  ...documentKinds,
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

/** The operands of `pg_typeof`, which gives a harmless text when it is cast to one at once. */
function typeOf(node: Node | undefined, build: Build): Expression | undefined {
  if (node === undefined || !('FuncCall' in node)) return undefined
  const { funcname, args, location } = node.FuncCall
  const [name, schema = 'pg_catalog', ...more] = texts(funcname).toReversed()
  const isOwn = name === 'pg_typeof' && schema === 'pg_catalog' && more.length === 0
  return isOwn && args?.length === 1 ? combine(args, location, build) : undefined
}
