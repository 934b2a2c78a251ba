import type { Span } from '../guard/verdict.ts'

/**
 * The normalised tree: what every dialect's statements become before names are resolved.
 *
 * It keeps everything that can read data or change meaning, and nothing else. Spans are in
 * JavaScript string units of the text that was parsed.
 */
export type Statement = QueryStatement | ExplainStatement | OtherStatement

/** A statement that only returns rows. */
export interface QueryStatement {
  readonly kind: 'query'
  readonly query: Query
  readonly span: Span
}

/** A statement that asks for the plan of another one. */
export interface ExplainStatement {
  readonly kind: 'explain'
  /** Whether the inner statement would run. */
  readonly runs: boolean
  readonly statement: Statement
  readonly span: Span
}

/** Any other statement. The guard refuses it and says its name. */
export interface OtherStatement {
  readonly kind: 'other'
  /** What it is, in words for the author, such as `DELETE`. */
  readonly name: string
  readonly span: Span
}

/** A name as the engine compares it: folded, unquoted. */
export interface Identifier {
  readonly name: string
  readonly span: Span
}

/** A query expression with everything that may surround it. */
export interface Query {
  readonly with: readonly CommonTable[]
  /** Whether the `WITH` list was marked recursive. */
  readonly isRecursive: boolean
  readonly body: Body
  readonly order: readonly Expression[]
  readonly limit: Expression | undefined
  readonly offset: Expression | undefined
  /** Whether the limit is exact: false for `WITH TIES` and for limits the tree cannot express. */
  readonly isLimitExact: boolean
  readonly span: Span
}

/** One entry of a `WITH` list. */
export interface CommonTable {
  readonly name: string
  readonly columns: readonly string[]
  readonly query: Query
  /** Names of columns that `SEARCH` and `CYCLE` add at the end. */
  readonly addedColumns: readonly string[]
  /** Constants that `CYCLE` marks rows with. */
  readonly marks?: readonly Expression[] | undefined
  readonly span: Span
}

export type Body = Select | SetOperation | Values

/** `SELECT`, the innermost part of a query. */
export interface Select {
  readonly kind: 'select'
  readonly items: readonly SelectItem[]
  readonly from: readonly FromItem[]
  readonly where: Expression | undefined
  readonly group: readonly Expression[]
  readonly having: Expression | undefined
  readonly windows: readonly Window[]
  readonly distinctOn: readonly Expression[]
  /** Expressions by names, where the dialect lets them be used in the whole select and below it. */
  readonly aliases?: readonly NamedExpression[] | undefined
  readonly span: Span
}

/** An expression whose name stands for it. */
export interface NamedExpression {
  readonly name: string
  readonly expression: Expression
  /** Whether no other expression of the statement has the name. */
  isOnly: boolean
  /** Whether it stands in no other part of the select, as in a `WITH` list. */
  readonly isApart: boolean
}

/** One output expression. */
export interface SelectItem {
  readonly expression: Expression
  readonly alias: string | undefined
  readonly span: Span
}

/** `UNION`, `INTERSECT` or `EXCEPT` of two or more queries, in order. */
export interface SetOperation {
  readonly kind: 'set-operation'
  readonly parts: readonly Query[]
}

/** `VALUES` lists. */
export interface Values {
  readonly kind: 'values'
  readonly rows: readonly (readonly Expression[])[]
}

export type FromItem = FromTable | FromQuery | FromFunction | FromJoin

/** A name in `FROM`: a table, a view, or a common table. */
export interface FromTable {
  readonly kind: 'table'
  /** One to three parts: `[database,] [schema,] table`. */
  readonly path: readonly string[]
  readonly alias: string | undefined
  /** The alias as it is written, where that is not how it is compared. */
  readonly writtenAlias?: string | undefined
  readonly columns: readonly string[]
  /** Whether tables that are parts of it are left out, as `ONLY` says. */
  readonly isOnly?: boolean | undefined
  /**
   * Whether it names an index or a part of the table: the order in which rows come, and which of
   * them, then tell about the columns that the index or the parts are made of.
   */
  readonly picksRows?: boolean | undefined
  /** Arguments of `TABLESAMPLE`. */
  readonly sample: readonly Expression[]
  readonly span: Span
}

/** A subquery in `FROM`. */
export interface FromQuery {
  readonly kind: 'subquery'
  readonly query: Query
  readonly alias: string | undefined
  /** The alias as it is written, where that is not how it is compared. */
  readonly writtenAlias?: string | undefined
  readonly columns: readonly string[]
  readonly isLateral: boolean
  readonly span: Span
}

/** Functions in `FROM`, and everything else that computes rows from expressions. */
export interface FromFunction {
  readonly kind: 'function'
  readonly calls: readonly Expression[]
  readonly alias: string | undefined
  /** The alias as it is written, where that is not how it is compared. */
  readonly writtenAlias?: string | undefined
  readonly columns: readonly string[]
  readonly span: Span
}

/** A join. A comma is a join without a condition where the engine treats it as one. */
export interface FromJoin {
  readonly kind: 'join'
  readonly left: FromItem
  readonly right: FromItem
  readonly isNatural: boolean
  readonly using: readonly Identifier[]
  readonly usingAlias: string | undefined
  readonly on: Expression | undefined
  readonly alias: string | undefined
  readonly columns: readonly string[]
  readonly span: Span
}

export type Expression =
  | ColumnExpression
  | StarExpression
  | CallExpression
  | QueryExpression
  | LiteralExpression
  | ParameterExpression
  | CastExpression
  | FieldExpression
  | OperatorExpression

/** A reference such as `total` or `sales.orders.total`. */
export interface ColumnExpression {
  readonly kind: 'column'
  readonly parts: readonly string[]
  /** The text, unquoted, when the engine takes an unknown quoted name for a string. */
  readonly asString?: string | undefined
  /** Whether the name means something else where no column has it. */
  readonly isOptional?: boolean | undefined
  readonly span: Span
}

/** `*`, with the names before it. */
export interface StarExpression {
  readonly kind: 'star'
  readonly parts: readonly string[]
  readonly span: Span
}

/** A function call, and every special syntax that stands for one. */
export interface CallExpression {
  readonly kind: 'call'
  readonly schema: string | undefined
  readonly name: string
  readonly args: readonly Expression[]
  readonly order: readonly Expression[]
  readonly filter: Expression | undefined
  readonly over: Window | undefined
  /** An argument whose table is searched with all of its columns, as by `MATCH` of SQLite. */
  readonly searches?: Expression | undefined
  readonly span: Span
}

/** A window, named or inline. */
export interface Window {
  readonly name: string | undefined
  readonly partition: readonly Expression[]
  readonly order: readonly Expression[]
  readonly frame: readonly Expression[]
}

/** A subquery inside an expression. */
export interface QueryExpression {
  readonly kind: 'query'
  readonly form: 'scalar' | 'exists' | 'compare' | 'array'
  readonly operands: readonly Expression[]
  readonly query: Query
  readonly span: Span
}

/** A constant. */
export interface LiteralExpression {
  readonly kind: 'literal'
  /** The value of a non-negative integer constant. */
  readonly integer: number | undefined
  /** The value of any other number, or of a string; absent where the adapter does not say. */
  readonly value?: number | string | undefined
  /** How a string must be written so that it is one under all settings of the server. */
  readonly plain?: string | undefined
  readonly span: Span
}

/** A bound parameter. */
export interface ParameterExpression {
  readonly kind: 'parameter'
  readonly name: string
  readonly span: Span
}

/** A conversion to a named type. */
export interface CastExpression {
  readonly kind: 'cast'
  readonly operand: Expression
  readonly type: string
  /** Bytes to which values are filled up. */
  readonly width?: number | undefined
  readonly span: Span
}

/** Selection of a field from a composite value; `*` selects all. */
export interface FieldExpression {
  readonly kind: 'field'
  readonly operand: Expression
  readonly name: string
  readonly span: Span
}

/** Any operator or special form that only combines its operands. */
export interface OperatorExpression {
  readonly kind: 'operator'
  /** Operator symbols to check against the dialect's list; empty for built-in syntax. */
  readonly symbols: readonly string[]
  /** Whether it only joins conditions, as `AND`, `OR` and `NOT` do. */
  readonly isLogical?: boolean | undefined
  readonly operands: readonly Expression[]
  readonly span: Span
}
