import type { CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import type { DayRange } from '../../entities/calendar.ts'
import type { Aggregate, Direction, Operator, TextPlace } from '../../question/grammar.ts'

/** Something that a query computes, as data. */
export type Expression =
  | { readonly kind: 'column'; readonly table: CatalogTable; readonly column: CatalogColumn }
  | {
      readonly kind: 'measure'
      readonly name: string
      readonly expression: string
      readonly tables: readonly CatalogTable[]
      readonly isAggregate: boolean
    }
  | { readonly kind: 'count'; readonly table: CatalogTable }
  | { readonly kind: 'count-distinct'; readonly of: Expression }
  | { readonly kind: 'aggregate'; readonly aggregate: Aggregate; readonly of: Expression }
  | { readonly kind: 'bucket'; readonly unit: 'day' | 'month' | 'year'; readonly of: Expression }

/** What rows, or groups of rows, must obey. */
export type Condition =
  | {
      readonly kind: 'compare'
      readonly left: Expression
      readonly operator: Operator
      readonly value: string | number
    }
  | {
      readonly kind: 'in'
      readonly left: Expression
      readonly values: readonly (string | number)[]
    }
  | {
      readonly kind: 'between'
      readonly left: Expression
      readonly low: number | string
      readonly high: number | string
    }
  | {
      readonly kind: 'like'
      readonly left: Expression
      readonly place: TextPlace
      readonly text: string
      readonly isNegated: boolean
    }
  | { readonly kind: 'than-average'; readonly left: Expression; readonly operator: Operator }
  | { readonly kind: 'time'; readonly left: Expression; readonly range: DayRange }
  | {
      /** The value of `left` is one of those that the rows with these conditions have. */
      readonly kind: 'within'
      readonly left: Extract<Expression, { kind: 'column' }>
      readonly where: readonly Condition[]
      readonly isNegated: boolean
    }
  | {
      /** At least one of the conditions holds. */
      readonly kind: 'any'
      readonly of: readonly Condition[]
    }
  | {
      readonly kind: 'without'
      readonly table: CatalogTable
      readonly other: CatalogTable
      /** What those that must not be there would obey. */
      readonly where?: readonly Condition[] | undefined
    }

/** A query before it is written as SQL. */
export interface Query {
  readonly outputs: readonly Expression[]
  readonly isDistinct: boolean
  /** Tables that must be there even when nothing of them is read, in the order of the question. */
  readonly tables: readonly CatalogTable[]
  readonly where: readonly Condition[]
  readonly groups: readonly Expression[]
  readonly having: readonly Condition[]
  readonly order: readonly { readonly by: Expression; readonly direction: Direction }[]
  readonly limit: number | undefined
}

/** Whether an expression folds rows. */
export function isAggregate(expression: Expression): boolean {
  if (expression.kind === 'measure') return expression.isAggregate
  return (
    expression.kind === 'count' ||
    expression.kind === 'count-distinct' ||
    expression.kind === 'aggregate'
  )
}

/** Tables that an expression reads. */
export function tablesOf(expression: Expression): readonly CatalogTable[] {
  switch (expression.kind) {
    case 'column':
    case 'count':
      return [expression.table]
    case 'measure':
      return expression.tables
    case 'count-distinct':
    case 'aggregate':
    case 'bucket':
      return tablesOf(expression.of)
  }
}

/** What a condition reads of the rows that it is a condition on. */
export function leftOf(condition: Condition): readonly Expression[] {
  if (condition.kind === 'any') return condition.of.flatMap(leftOf)
  return condition.kind === 'without'
    ? [{ kind: 'count', table: condition.table }]
    : [condition.left]
}

/** Whether two expressions are the same. */
export function isSame(left: Expression, right: Expression): boolean {
  if (left.kind === 'column' && right.kind === 'column') {
    return left.table === right.table && left.column === right.column
  }
  if (left.kind === 'measure' && right.kind === 'measure')
    return left.expression === right.expression
  if (left.kind === 'count' && right.kind === 'count') return left.table === right.table
  if (left.kind === 'aggregate' && right.kind === 'aggregate') {
    return left.aggregate === right.aggregate && isSame(left.of, right.of)
  }
  if (left.kind === 'bucket' && right.kind === 'bucket') {
    return left.unit === right.unit && isSame(left.of, right.of)
  }
  return (
    left.kind === 'count-distinct' && right.kind === 'count-distinct' && isSame(left.of, right.of)
  )
}
