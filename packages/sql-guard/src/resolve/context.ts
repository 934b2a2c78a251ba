import type { DialectTraits } from '../dialect/dialect.ts'
import type { Expression, FromItem, Query } from '../dialect/tree.ts'
import type { ColumnUse, Span } from '../guard/verdict.ts'
import type { Access } from '../policy/access.ts'
import type { Limits } from '../policy/policy.ts'
import type { CommonTables } from './from/common-tables.ts'
import type { Reads } from './reads.ts'
import type { Offer, Outcome, Scope, Source } from './relation.ts'
import type { Tables, ViewReader } from './from/tables.ts'
import { countWork } from './work.ts'

/** The part of a query that an expression stands in. */
export type Clause = 'items' | 'from' | 'where' | 'group' | 'having' | 'order' | 'other'

/** Where an expression stands. */
export interface Position {
  readonly scope: Scope
  readonly use: ColumnUse
  readonly clause: Clause
}

/** One resolution under way: what it knows, what it collects, and how its parts call each other. */
export interface Context {
  readonly traits: DialectTraits
  /** Absent inside a view, where nothing is refused. */
  readonly access: Access | undefined
  /** Absent when the guard works without a catalog. */
  readonly tables: Tables | undefined
  readonly searchPath: readonly string[]
  readonly reads: Reads
  readonly limits: Limits
  readonly readView: ViewReader
  /** Parts of the text that the guard itself has put there, in their order. */
  readonly ours: readonly Span[]
  /** Resolves a query; says what the first part of a set operation gives before it goes on. */
  query(
    query: Query,
    commonTables: CommonTables,
    outer: Scope | undefined,
    onFirst?: (first: Outcome) => void,
  ): Outcome
  expression(expression: Expression, position: Position): readonly Source[]
  from(items: readonly FromItem[], commonTables: CommonTables, outer: Scope | undefined): Offer
}

/** Resolves several expressions and gives all that they read. */
export function readAll(
  context: Context,
  expressions: readonly Expression[],
  position: Position,
): readonly Source[] {
  if (expressions.length === 0) return []
  const [only] = expressions
  if (expressions.length === 1 && only !== undefined) return context.expression(only, position)
  const sources = expressions.flatMap((expression) => context.expression(expression, position))
  if (only !== undefined) countWork(context.reads, sources.length, only.span)
  return sources
}
