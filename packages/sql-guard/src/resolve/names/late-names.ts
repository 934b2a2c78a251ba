import type { ColumnExpression } from '../../dialect/tree.ts'
import type { Context } from '../context.ts'
import type { Column } from '../relation.ts'

/**
 * Notes a name that its own level is not sure to have, in an engine that reads the text of a common
 * table where it is used: there, the name may mean a column that is not in sight where it stands.
 */
export function noteLate(
  { traits, reads }: Context,
  name: ColumnExpression,
  known: readonly Column[],
): void {
  if (traits.commonTables !== 'all' || reads.commonTables.size === 0) return
  if (known.some(({ isGuess }) => isGuess !== true)) return
  reads.lateNames.set(name.parts.join('.'), name)
}
