import type { Alias, Node, SelectStmt } from 'libpg-query'
import type { Span } from '../../guard/verdict.ts'
import type { Expression, FromItem, Query } from '../tree.ts'

/** Names of the parser's node kinds. */
export type NodeKind = Node extends infer One ? (One extends unknown ? keyof One : never) : never

/** What a node of one kind holds. */
export type NodeValue<Kind extends NodeKind> =
  Extract<Node, Readonly<Record<Kind, unknown>>> extends Readonly<Record<Kind, infer Value>>
    ? Value
    : never

/** The translation under way, as its parts call each other. */
export interface Build {
  expression(node: Node | undefined): Expression
  expressions(nodes: readonly Node[] | undefined): readonly Expression[]
  optional(node: Node | undefined): Expression | undefined
  query(statement: SelectStmt): Query
  subquery(node: Node | undefined): Query
  from(node: Node): FromItem
  /** Counts a join. */
  join(): void
  /** The span of the token, or the dotted name, at an offset in bytes. */
  span(location: number | undefined): Span
}

/** How each kind of node is translated. */
export type Translations<Result> = {
  readonly [Kind in NodeKind]?: (value: NodeValue<Kind>, build: Build) => Result
}

/** The only key of a node: its kind. */
export function kindOf(node: object): string {
  for (const key in node) return key
  return ''
}

/** The texts of a list of string nodes; `*` stands for a star. */
export function texts(nodes: readonly Node[] | undefined): readonly string[] {
  return (nodes ?? []).map((node) => {
    if ('String' in node) return node.String.sval ?? ''
    return 'A_Star' in node ? '*' : ''
  })
}

/** The name that something in `FROM` goes by, and new names of its columns. */
export function named(alias: Alias | undefined): {
  readonly alias: string | undefined
  readonly columns: readonly string[]
} {
  return { alias: alias?.aliasname, columns: texts(alias?.colnames) }
}

/**
 * Fields that the translation knows, by kind. A field that is not here means something that is
 * not understood, and stops it.
 */
export const knownFields: { readonly [Kind in NodeKind]?: readonly (keyof NodeValue<Kind>)[] } = {
  SelectStmt: [
    'distinctClause',
    'targetList',
    'fromClause',
    'whereClause',
    'groupClause',
    'groupDistinct',
    'havingClause',
    'windowClause',
    'valuesLists',
    'sortClause',
    'limitOffset',
    'limitCount',
    'limitOption',
    'withClause',
    'op',
    'all',
    'larg',
    'rarg',
    'intoClause',
    'lockingClause',
  ],
  ColumnRef: ['fields', 'location'],
  A_Const: ['ival', 'fval', 'boolval', 'sval', 'bsval', 'isnull', 'location'],
  ParamRef: ['number', 'location'],
  A_Expr: ['kind', 'name', 'lexpr', 'rexpr', 'rexpr_list_start', 'rexpr_list_end', 'location'],
  BoolExpr: ['boolop', 'args', 'location'],
  NullTest: ['arg', 'nulltesttype', 'location'],
  BooleanTest: ['arg', 'booltesttype', 'location'],
  FuncCall: [
    'funcname',
    'args',
    'agg_order',
    'agg_filter',
    'over',
    'agg_within_group',
    'agg_star',
    'agg_distinct',
    'func_variadic',
    'funcformat',
    'location',
  ],
  NamedArgExpr: ['arg', 'name', 'argnumber', 'location'],
  TypeCast: ['arg', 'typeName', 'location'],
  CollateClause: ['arg', 'collname', 'location'],
  CaseExpr: ['arg', 'args', 'defresult', 'location'],
  CaseWhen: ['expr', 'result', 'location'],
  CoalesceExpr: ['args', 'location'],
  MinMaxExpr: ['op', 'args', 'location'],
  SQLValueFunction: ['op', 'typmod', 'location'],
  SubLink: ['subLinkType', 'testexpr', 'operName', 'subselect', 'location'],
  RowExpr: ['args', 'row_format', 'location'],
  A_ArrayExpr: ['elements', 'list_start', 'list_end', 'location'],
  A_Indirection: ['arg', 'indirection'],
  GroupingFunc: ['args', 'location'],
  GroupingSet: ['kind', 'content', 'location'],
  List: ['items'],
  XmlExpr: ['op', 'name', 'named_args', 'args', 'xmloption', 'indent', 'location'],
  XmlSerialize: ['xmloption', 'expr', 'typeName', 'indent', 'location'],
  JsonObjectConstructor: ['exprs', 'output', 'absent_on_null', 'unique', 'location'],
  JsonArrayConstructor: ['exprs', 'output', 'absent_on_null', 'location'],
  JsonArrayQueryConstructor: ['query', 'output', 'format', 'absent_on_null', 'location'],
  JsonObjectAgg: ['constructor', 'arg', 'absent_on_null', 'unique'],
  JsonArrayAgg: ['constructor', 'arg', 'absent_on_null'],
  JsonIsPredicate: ['expr', 'format', 'item_type', 'unique_keys', 'location'],
  JsonValueExpr: ['raw_expr', 'format'],
  JsonKeyValue: ['key', 'value'],
  JsonParseExpr: ['expr', 'output', 'unique_keys', 'location'],
  JsonScalarExpr: ['expr', 'output', 'location'],
  JsonSerializeExpr: ['expr', 'output', 'location'],
  JsonFuncExpr: [
    'op',
    'column_name',
    'context_item',
    'pathspec',
    'passing',
    'output',
    'on_empty',
    'on_error',
    'wrapper',
    'quotes',
    'location',
  ],
  RangeVar: ['catalogname', 'schemaname', 'relname', 'inh', 'relpersistence', 'alias', 'location'],
  RangeSubselect: ['lateral', 'subquery', 'alias'],
  RangeFunction: ['lateral', 'ordinality', 'is_rowsfrom', 'functions', 'alias', 'coldeflist'],
  RangeTableFunc: ['lateral', 'docexpr', 'rowexpr', 'namespaces', 'columns', 'alias', 'location'],
  JsonTable: [
    'context_item',
    'pathspec',
    'passing',
    'columns',
    'on_error',
    'alias',
    'lateral',
    'location',
  ],
  RangeTableSample: ['relation', 'method', 'args', 'repeatable', 'location'],
  JoinExpr: [
    'jointype',
    'isNatural',
    'larg',
    'rarg',
    'usingClause',
    'join_using_alias',
    'quals',
    'alias',
  ],
}
