import type { CatalogTable } from '@t2t/sql-guard'
import { joinTables, repeatsRowsOf } from '../../schema/join-path.ts'
import { hasRole } from '../items.ts'
import { isAggregate, isSame, leftOf, tablesOf, type Condition } from '../query/query.ts'
import { columnExpression, meaningsOf, use, type Reading } from '../reading.ts'

type ColumnExpression = Extract<Condition, { kind: 'within' }>['left']

/** Reads "or" between two conditions: "before 2000 or after 2010", "cheap or from Porto". */
export function readAlternatives(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    if (!hasRole(item, 'or')) continue
    const [left, right] = around(reading, index)
    if (left === undefined || right === undefined) continue
    use(item)
    const others = reading.where.filter((one) => one !== left && one !== right)
    if (others.length > 0) reading.doubts.push(0.8)
    const either: Condition = { kind: 'any', of: [...partsOf(left), ...partsOf(right)] }
    reading.where.splice(0, reading.where.length, ...others, either)
    reading.places.set(either, reading.places.get(right) ?? index)
  }
}

function partsOf(condition: Condition): readonly Condition[] {
  return condition.kind === 'any' ? condition.of : [condition]
}

/** The last condition that is stated before an item, and the first after it. */
function around(reading: Reading, index: number): readonly (Condition | undefined)[] {
  const ranked = inOrder(reading)
  const placeOf = (one: Condition): number => reading.places.get(one) ?? -1
  return [
    ranked.findLast((one) => placeOf(one) >= 0 && placeOf(one) < index),
    ranked.find((one) => placeOf(one) > index),
  ]
}

function inOrder({ where, places }: Reading): readonly Condition[] {
  return where.toSorted((a, b) => (places.get(a) ?? -1) - (places.get(b) ?? -1))
}

/** Reads "both … and …": of two conditions each must hold for some row, and not for the same one. */
export function readBoth(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    if (!hasRole(item, 'both')) continue
    const stated = inOrder(reading).filter((one) => (reading.places.get(one) ?? -1) > index)
    const [first, second] = stated
    const pair =
      first?.kind === 'in' && first.values.length === 2
        ? first.values.map((value): Condition => ({
            kind: 'compare',
            left: first.left,
            operator: '=',
            value,
          }))
        : first !== undefined && second !== undefined
          ? [first, second]
          : []
    if (stated.length === 0 && namesTwo(reading, index)) use(item)
    const left = commonOf(reading, pair)
    if (pair.length !== 2 || left === undefined) continue
    use(item)
    const rest = reading.where.filter(
      (one) => one !== first && (first?.kind === 'in' || one !== second),
    )
    const within = pair.map((one): Condition => ({
      kind: 'within',
      left,
      where: [one],
      isNegated: false,
    }))
    reading.where.splice(0, reading.where.length, ...rest, ...within)
    if (!reading.outputs.some(isAggregate)) reading.isDistinct = true
  }
}

/** "Both the name and the age" only lists what is shown. */
function namesTwo(reading: Reading, index: number): boolean {
  return reading.items
    .slice(index + 1, index + 4)
    .some((item, at, near) => at > 0 && item.isListed && isShown(near[0]) && isShown(item))
}

function isShown(item: Reading['items'][number] | undefined): boolean {
  return item !== undefined && (meaningsOf(item).length > 0 || hasRole(item, 'aggregate'))
}

/**
 * What rows that obey different conditions have in common: the key of what is asked about where it
 * has many such rows, else the one column that is shown.
 */
function commonOf(reading: Reading, pair: readonly Condition[]): ColumnExpression | undefined {
  const [subject] = subjectsOf(reading)
  if (subject === undefined) return undefined
  const tables = pair.flatMap(leftOf).flatMap(tablesOf)
  const repeated = isRepeatedBy(reading, subject, tables) ? keyOf(subject) : undefined
  if (repeated !== undefined) return repeated
  const [shown, other] = reading.outputs
  const key = keyOf(subject)
  const isOwn = shown?.kind === 'column' && shown.table === subject
  return isOwn && other === undefined && !(key !== undefined && isSame(shown, key))
    ? shown
    : undefined
}

function subjectsOf(reading: Reading): readonly CatalogTable[] {
  return [...reading.outputs.flatMap(tablesOf), ...reading.named]
}

function isRepeatedBy(
  reading: Reading,
  subject: CatalogTable,
  tables: readonly CatalogTable[],
): boolean {
  const tree = joinTables(reading.catalog, [subject, ...tables])
  return tree !== undefined && repeatsRowsOf(tree, subject)
}

/** The key by which a table's rows are known, where it has one column. */
export function keyOf(table: CatalogTable): ColumnExpression | undefined {
  const [key, second] = table.primaryKey
  const column = table.columns.find(({ name }) => name === key)
  return column === undefined || second !== undefined
    ? undefined
    : columnExpression({ table, column })
}

/** "Customers who did not order lamps" have no such order; that some order is of another is no reason. */
export function readExclusions(reading: Reading): void {
  const [subject] = subjectsOf(reading)
  const left = subject === undefined ? undefined : keyOf(subject)
  if (subject === undefined || left === undefined) return
  for (const [at, one] of reading.where.entries()) {
    if (one.kind !== 'compare' || !reading.exclusions.has(one)) continue
    if (!isRepeatedBy(reading, subject, tablesOf(one.left))) continue
    if (reading.outputs.flatMap(tablesOf).some((table) => tablesOf(one.left).includes(table)))
      continue
    const where: Condition[] = [{ ...one, operator: '=' }]
    reading.where[at] = { kind: 'within', left, where, isNegated: true }
  }
}
