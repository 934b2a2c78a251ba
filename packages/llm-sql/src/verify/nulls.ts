import type { DialectTraits } from '@t2t/sql-guard'
import { partsOf, placeOf, type ColumnPlace, type ReadSelect } from './selects.ts'

/** A column whose missing values would leave no row, and how to ask for them. */
export interface NullTrap extends ColumnPlace {
  /** A query that has a row when the list holds a missing value. */
  readonly question: string
}

/**
 * Finds `NOT IN (SELECT …)` over a column that may be null: one missing value in the list, and no row
 * is left.
 */
export function nullTrapsIn(
  { select: { where } }: ReadSelect,
  all: readonly ReadSelect[],
  { quoteName }: DialectTraits,
): readonly NullTrap[] {
  if (where === undefined) return []
  return partsOf(where).flatMap((part): NullTrap[] => {
    if (part.kind !== 'query' || part.form !== 'compare') return []
    const inner = all.find(({ query }) => query === part.query)
    const [item, more] = inner?.select.items ?? []
    const isList = inner?.written?.isExcluded === true && more === undefined
    const place = inner === undefined ? undefined : placeOf(item?.expression, inner)
    if (!isList || item === undefined || !place?.column.isNullable) return []
    const name = quoteName(item.alias ?? place.column.name)
    const question = `SELECT 1 FROM (${inner?.written?.text ?? ''}) AS listed WHERE listed.${name} IS NULL LIMIT 1`
    return [{ ...place, question }]
  })
}
