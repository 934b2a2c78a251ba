import type { JsonAggConstructor, JsonBehavior, JsonOutput, Node } from 'libpg-query'
import type { CallExpression, Expression } from '../tree.ts'
import type { Build, Translations } from './nodes.ts'
import { both, call, combine, sorted, typeText, window } from './parts.ts'

/** How the forms that make and read JSON and XML are translated. */
export const documentKinds: Translations<Expression> = {
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
  XmlSerialize: ({ expr, typeName, location }, build) => {
    const operand = call('xmlserialize', both(expr), location, build)
    return { kind: 'cast', operand, type: typeText(typeName), span: operand.span }
  },
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
