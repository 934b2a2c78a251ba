import type { DialectTraits, NameRules } from '../../dialect/dialect.ts'
import type { ColumnExpression, Query, Select } from '../../dialect/tree.ts'
import type { Context, Position } from '../context.ts'
import type { CommonTables } from '../from/common-tables.ts'
import type { Scope, Source } from '../relation.ts'

/** What stands behind {@link NameRules}: loaded with the dialects that need it, and by no other. */
export interface NameFinder extends NameRules {
  /** What a name reads; `undefined` when it means nothing. */
  find(
    context: Context,
    expression: ColumnExpression,
    position: Position,
  ): readonly Source[] | undefined
  /** The names that the text of a common table may use. */
  around(query: Query, outer: Scope | undefined, commonTables: CommonTables): Scope | undefined
}

/** The finder of a dialect; absent where names are found level by level. */
export function finderOf({ nameRules }: DialectTraits): NameFinder | undefined {
  if (nameRules === undefined) return undefined
  if (isFinder(nameRules)) return nameRules
  throw new TypeError('The name rules of the dialect are none of this package.')
}

function isFinder(rules: NameRules): rules is NameFinder {
  return 'find' in rules && 'around' in rules
}

/** The expressions of a select that have names, by their names. */
export function namesOf({ aliases }: Select): Scope['named'] {
  return aliases === undefined ? undefined : Map.groupBy(aliases, ({ name }) => name)
}
