import type { CatalogTable } from '@t2t/sql-guard'
import { wordsOf } from '../../schema/identifier.ts'
import { joinTables, shortestPath } from '../../schema/join-path.ts'
import { countedTable } from '../counted.ts'
import { hasRole, type Item } from '../items.ts'
import { leftOf, tablesOf, type Condition } from '../query/query.ts'
import { meaningsOf, use, type Reading } from '../reading.ts'
import { keyOf } from './sets.ts'

/** Reads "without orders", "that have no orders", "that were not found in any order". */
export function readAbsences(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    if (!hasRole(item, 'without', 'not')) continue
    const passed: Item[] = [item]
    for (const [offset, next] of reading.items.slice(index + 1, index + 5).entries()) {
      const at = index + 1 + offset
      const other = next.mention?.kind === 'grammar' ? undefined : countedTable(reading, at)
      const table = other === undefined ? undefined : subjectBefore(reading, index, other)
      if (other !== undefined && table !== undefined && hasMany(reading, table, other)) {
        const absence: Condition = { kind: 'without', table, other }
        reading.where.push(absence)
        reading.places.set(absence, index)
        use(...passed, next)
        break
      }
      const isVerb = next.mention === undefined && next.number === undefined && !next.isProper
      if (next.mention?.kind === 'value') continue
      if (!isVerb && !hasRole(next, 'light', 'preposition', 'have', 'distinct')) break
      passed.push(next)
    }
  }
}

/** Whether one row of a table may have many of another; else there is nothing to be without. */
function hasMany(reading: Reading, table: CatalogTable, other: CatalogTable): boolean {
  return shortestPath(reading.catalog, [table], other)?.[0]?.join.one === table
}

/** What must be without: a table that is named, or that of the first column that is. */
function subjectBefore(
  reading: Reading,
  index: number,
  other: CatalogTable,
): CatalogTable | undefined {
  const named = reading.named.find((one) => one !== other)
  if (named !== undefined) return named
  for (const item of reading.items.slice(0, index)) {
    const words = wordsOf(item.text)
    const owners = new Set(meaningsOf(item).map(({ table }) => table))
    const [only, second] = [...owners].filter(
      (table) => owners.size === 1 || wordsOf(table.name).every((word) => words.includes(word)),
    )
    if (only !== undefined && second === undefined) return only === other ? undefined : only
  }
  return undefined
}

/** Conditions on what must not be there belong to it: "customers without orders from Lisbon". */
export function narrowAbsences(reading: Reading): void {
  for (const [at, absence] of reading.where.entries()) {
    if (absence.kind !== 'without') continue
    const { table, other } = absence
    const shown = reading.outputs.flatMap(tablesOf)
    const tablesIn = (one: Condition): readonly CatalogTable[] => leftOf(one).flatMap(tablesOf)
    const isAbout = (one: Condition): boolean =>
      one.kind !== 'without' && tablesIn(one).every((owner) => owner === other)
    const isBeyond = (one: Condition): boolean =>
      one.kind !== 'without' &&
      (reading.places.get(one) ?? -1) > (reading.places.get(absence) ?? 0) &&
      !tablesIn(one).some((owner) => owner === table || shown.includes(owner)) &&
      joinTables(reading.catalog, [table, ...tablesIn(one)])?.tables.includes(other) === true
    const beyond = reading.where.filter((one) => isBeyond(one))
    const key = keyOf(table)
    const where = reading.where.filter((one) => isAbout(one) || beyond.includes(one))
    if (where.length === 0 || shown.includes(other)) continue
    const narrowed: Condition =
      beyond.some((one) => !isAbout(one)) && key !== undefined
        ? { kind: 'within', left: key, where, isNegated: true }
        : { ...absence, where: where.filter(isAbout) }
    const gone = new Set(narrowed.kind === 'within' ? where : where.filter(isAbout))
    if (gone.size === 0) continue
    reading.where[at] = narrowed
    const rest = reading.where.filter((one) => !gone.has(one))
    reading.where.splice(0, reading.where.length, ...rest)
    return
  }
}
