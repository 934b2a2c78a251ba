import type { AstNodeMap, Expr, Select, SelectTable } from 'sqlite3-parser'
import type { Span } from '../../guard/verdict.ts'
import type { Expression, FromItem, Query } from '../tree.ts'

/** Anything that stands at a place of the text. */
export interface Node {
  readonly span: { readonly offset: number; readonly length: number }
}

/** The translation under way, as its parts call each other. */
export interface Build {
  expression(node: Expr): Expression
  expressions(nodes: readonly Expr[] | undefined): readonly Expression[]
  optional(node: Expr | undefined): Expression | undefined
  query(select: Select): Query
  from(table: SelectTable): FromItem
  /** Counts a join. */
  join(node: Node): void
  span(node: Node): Span
}

/** How each kind of node is translated. */
export type Translations<Result> = {
  readonly [Kind in keyof AstNodeMap]?: (node: AstNodeMap[Kind], build: Build) => Result
}
