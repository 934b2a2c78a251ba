import type { CastRules, DialectTraits, SearchRules } from '../../dialect/dialect.ts'
import type { CastExpression, Expression } from '../../dialect/tree.ts'
import type { Context, Position } from '../context.ts'
import type { Source } from '../relation.ts'

/** What stands behind {@link CastRules}: loaded with the dialects that need it, and by no other. */
export interface CastChecker extends CastRules {
  check(context: Context, cast: CastExpression): void
}

/** What stands behind {@link SearchRules}. */
export interface Searcher extends SearchRules {
  /** The columns that are read by a search through one of them. */
  columns(context: Context, operand: Expression, position: Position): readonly Source[]
}

/** Looks whether the type of a cast may be named. */
export function checkCast(context: Context, cast: CastExpression): void {
  const { castRules } = context.traits
  if (castRules === undefined) return
  if (!('check' in castRules)) throw notOurs('cast')
  ;(castRules as CastChecker).check(context, cast)
}

/** The searches of a dialect; absent where there are none. */
export function searcherOf({ searchRules }: DialectTraits): Searcher | undefined {
  if (searchRules !== undefined && !('columns' in searchRules)) throw notOurs('search')
  return searchRules as Searcher | undefined
}

function notOurs(what: string): Error {
  return new TypeError(`The ${what} rules of the dialect are none of this package.`)
}
