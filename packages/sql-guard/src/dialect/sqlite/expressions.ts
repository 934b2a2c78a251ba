import type {
  BinaryExpr,
  Expr,
  FunctionTail,
  Id,
  SortedColumn,
  Window as WindowNode,
} from 'sqlite3-parser'
import type { CallExpression, Expression, FromItem, Query, Window } from '../tree.ts'
import type { Build, Node, Translations } from './build.ts'
import { folded } from './fold.ts'
import { searchFunctions } from './functions.ts'
import { calledTable, namedTable } from './from.ts'

/** How each kind of expression is translated. A kind that is not here is refused. */
export const expressionKinds: Translations<Expression> = {
  Id: (node, build) => column([node.name], node, build),
  NameExpr: (node, build) => column([node.name.text], node, build),
  QualifiedExpr: ({ schema, table, column: name, ...node }, build) => ({
    kind: 'column',
    parts: [schema?.text, table.text, name.text].filter((part) => part !== undefined).map(folded),
    span: build.span(node),
  }),
  NumericLiteral: (node, build) => ({
    kind: 'literal',
    integer: /^\d+$/.test(node.value) ? Number(node.value) : undefined,
    value: Number(node.value.replaceAll('_', '')),
    span: build.span(node),
  }),
  StringLiteral: (node, build) => ({
    kind: 'literal',
    integer: undefined,
    value: node.value,
    span: build.span(node),
  }),
  BlobLiteral: literal,
  NullLiteral: literal,
  KeywordLiteral: literal,
  CurrentDateLiteral: literal,
  CurrentTimeLiteral: literal,
  CurrentTimestampLiteral: literal,
  VariableExpr: (node, build) => ({ kind: 'parameter', name: node.name, span: build.span(node) }),
  BetweenExpr: (node, build) => combine(node, [node.lhs, node.start, node.end], build),
  BinaryExpr: (node, build) => ({
    ...combine(node, [node.left, node.right], build),
    isLogical: joinsConditions(node),
  }),
  UnaryExpr: (node, build) => combine(node, [node.expr], build),
  IsNullExpr: (node, build) => combine(node, [node.expr], build),
  NotNullExpr: (node, build) => combine(node, [node.expr], build),
  CollateExpr: (node, build) => combine(node, [node.expr], build),
  ParenthesizedExpr: (node, build) => {
    const [only] = node.exprs
    return node.exprs.length === 1 && only !== undefined
      ? build.expression(only)
      : combine(node, node.exprs, build)
  },
  InListExpr: (node, build) => combine(node, [node.lhs, ...(node.rhs ?? [])], build),
  CaseExpr: (node, build) =>
    combine(
      node,
      [
        ...there(node.base),
        ...node.whenThenPairs.flatMap(({ when, then }) => [when, then]),
        ...there(node.elseExpr),
      ],
      build,
    ),
  LikeExpr: (node, build) => {
    const like = call(folded(node.op), [node.lhs, node.rhs, ...there(node.escape)], node, build)
    return node.op === 'Match' ? { ...like, searches: like.args[0] } : like
  },
  CastExpr: (node, build) => ({
    kind: 'cast',
    operand: build.expression(node.expr),
    type: folded(node.typeName?.name ?? ''),
    span: build.span(node),
  }),
  FunctionCallExpr: (node, build) => ({
    ...aboutSearch(call(nameOf(node.name), node.args ?? [], node.name, build)),
    order:
      node.orderBy === undefined
        ? []
        : node.orderBy.type === 'SortListFunctionCallOrder'
          ? sorted(node.orderBy.columns, build)
          : [build.expression(node.orderBy.expr)],
    ...tail(node.filterOver, build),
  }),
  FunctionCallStarExpr: (node, build) => ({
    ...call(nameOf(node.name), [], node.name, build),
    ...tail(node.filterOver, build),
  }),
  ExistsExpr: (node, build) => ({
    kind: 'query',
    form: 'exists',
    operands: [],
    query: build.query(node.select),
    span: build.span(node),
  }),
  SubqueryExpr: (node, build) => ({
    kind: 'query',
    form: 'scalar',
    operands: [],
    query: build.query(node.select),
    span: build.span(node),
  }),
  InSelectExpr: (node, build) => ({
    kind: 'query',
    form: 'compare',
    operands: [build.expression(node.lhs)],
    query: build.query(node.rhs),
    span: build.span(node),
  }),
  InTableExpr: (node, build) => {
    const name = node.rhs
    return {
      kind: 'query',
      form: 'compare',
      operands: [build.expression(node.lhs)],
      query: wholeTable(
        node.args === undefined ? namedTable(name, build) : calledTable(name, node.args, build),
        build.span(name),
      ),
      span: build.span(node),
    }
  },
}

/** Whether an operator is `AND` or `OR`. */
export function joinsConditions({ op }: BinaryExpr): boolean {
  return op === 'And' || op === 'Or'
}

/** The expressions of a list to sort by. */
export function sorted(
  columns: readonly SortedColumn[] | undefined,
  build: Build,
): readonly Expression[] {
  return (columns ?? []).map(({ expr }) => build.expression(expr))
}

/** A window, named or inline. */
export function window(node: WindowNode, name: string | undefined, build: Build): Window {
  const { start, end } = node.frameClause ?? {}
  return {
    name,
    partition: build.expressions(node.partitionBy),
    order: sorted(node.orderBy, build),
    frame: [start, end].flatMap((bound) =>
      bound !== undefined && 'expr' in bound ? [build.expression(bound.expr)] : [],
    ),
  }
}

/** Names and functions keep their quotes as a hint: a quoted unknown name may be a string. */
function column(parts: readonly [string], node: Node, build: Build): Expression {
  const span = build.span(node)
  const isQuoted = span.end - span.start === parts[0].length ? undefined : parts[0]
  return { kind: 'column', parts: parts.map(folded), asString: isQuoted, span }
}

function literal(node: Node, build: Build): Expression {
  return { kind: 'literal', integer: undefined, span: build.span(node) }
}

function combine(node: Node, operands: readonly Expr[], build: Build): Expression {
  return {
    kind: 'operator',
    symbols: [],
    operands: build.expressions(operands),
    span: build.span(node),
  }
}

function there(node: Expr | undefined): readonly Expr[] {
  return node === undefined ? [] : [node]
}

function nameOf(name: Id): string {
  return folded(name.name)
}

function call(name: string, args: readonly Expr[], node: Node, build: Build): CallExpression {
  return {
    kind: 'call',
    schema: undefined,
    name,
    args: build.expressions(args),
    order: [],
    filter: undefined,
    over: undefined,
    span: build.span(node),
  }
}

/** What the functions of full-text tables take first; `match(text, table)` is the operator's own. */
function aboutSearch(made: CallExpression): CallExpression {
  const isAbout = searchFunctions.has(made.name) && made.name !== 'match'
  return isAbout ? { ...made, searches: made.args[0] } : made
}

function tail(
  node: FunctionTail | undefined,
  build: Build,
): Pick<CallExpression, 'filter' | 'over'> {
  const over = node?.overClause
  return {
    filter: build.optional(node?.filterClause),
    over:
      over === undefined
        ? undefined
        : over.type === 'WindowOver'
          ? window(over.window, over.window.base?.text, build)
          : { name: over.name.text, partition: [], order: [], frame: [] },
  }
}

/** `x IN t` reads like `x IN (SELECT * FROM t)`. */
function wholeTable(from: FromItem, span: Query['span']): Query {
  return {
    with: [],
    isRecursive: false,
    body: {
      kind: 'select',
      items: [{ expression: { kind: 'star', parts: [], span }, alias: undefined, span }],
      from: [from],
      where: undefined,
      group: [],
      having: undefined,
      windows: [],
      distinctOn: [],
      span,
    },
    order: [],
    limit: undefined,
    offset: undefined,
    isLimitExact: true,
    span,
  }
}
