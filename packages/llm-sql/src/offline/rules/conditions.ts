import type { CatalogTable } from '@t2t/sql-guard'
import type { StoredValue } from '../../entities/mention.ts'
import { shortestPath } from '../../schema/join-path.ts'
import { displayColumn, isNumeric } from '../../schema/traits.ts'
import { hasRole, type Item } from '../items.ts'
import { tablesOf, type Condition, type Expression } from '../query/query.ts'
import {
  addCondition,
  columnAt,
  columnExpression,
  leftOver,
  tableOf,
  use,
  type Problem,
  type Reading,
} from '../reading.ts'

/** Reads equalities: values of the data, quoted text, names after "is" or "called", and ids. */
export function readValues(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    if (item.isUsed) continue
    if (item.mention?.kind === 'value') readValue(reading, index, item)
    else if (isUnknownName(item)) readUnknownName(reading, index)
    else if (item.number !== undefined) readNumber(reading, index, item.number)
  }
}

function readValue(reading: Reading, index: number, item: Item): void {
  if (item.mention?.kind !== 'value') return
  const { values, text, confidence } = item.mention
  // A misspelt value is shown to the person before anything is answered with it.
  if (confidence < 0.6) reading.doubts.push(0.55)
  const { at, passed } = leftOver(
    reading,
    index,
    'copula',
    'preposition',
    'light',
    'not',
    'without',
    'named',
    'have',
    'or',
    'where',
  )
  const isNegated = passed.some((one) => hasRole(one, 'not', 'without'))
  const isPlaced =
    passed.some((one) => hasRole(one, 'preposition')) &&
    !passed.some((one) => hasRole(one, 'named'))
  const isMarked = item.isProper || item.mention.isAlias || item.text !== text
  const isHolder = ({ table, column }: Pick<StoredValue, 'table' | 'column'>): boolean =>
    values.length === 0 || values.some((value) => value.table === table && value.column === column)
  const isSide = (side: number): boolean => tableOf(reading, reading.items[side]) === undefined
  const side = [at, index + 1].find(
    (candidate) => isSide(candidate) && columnAt(reading, candidate, isHolder) !== undefined,
  )
  const column = side === undefined ? undefined : columnAt(reading, side, isHolder)
  const stored =
    column === undefined
      ? (nearest(reading, values, isMarked) ?? (isPlaced ? undefined : byName(reading, at, text)))
      : (values.find((value) => value.table === column.table && value.column === column.column) ?? {
          ...column,
          value: text,
        })
  if (stored === undefined || 'ask' in stored) {
    reading.problems.push(stored ?? { ask: `Which column holds "${text}"?`, choices: [] })
    return
  }
  use(item, ...passed)
  if (side !== undefined && (side === at || reading.items[side]?.mention !== undefined))
    use(reading.items[side])
  const isEither =
    !item.isListed ||
    reading.items.slice(0, index).some((one) => hasRole(one, 'both')) ||
    [...passed, ...reading.items.slice(index, index + 5)].some(
      (one) => one.mention?.kind === 'grammar' && one.mention.grammar.role === 'or',
    )
  equal(reading, columnExpression(stored), stored.value, isNegated, index, isEither)
  const last = reading.where.at(-1)
  if (isNegated && side === undefined && last !== undefined) reading.exclusions.add(last)
}

/**
 * The holder of a value that is closest to the tables that the question names. A common word that
 * is a value far away is rather another word.
 */
function nearest(
  reading: Reading,
  values: readonly StoredValue[],
  isMarked: boolean,
): StoredValue | Problem | undefined {
  const mentioned = new Set(
    reading.where.flatMap((one) => ('left' in one ? tablesOf(one.left) : [])),
  )
  const distance = (table: CatalogTable): number =>
    reading.named.length === 0
      ? 0
      : (shortestPath(reading.catalog, reading.named, table)?.length ?? 99) * 2 -
        (mentioned.has(table) ? 1 : 0)
  const ranked = values.toSorted((a, b) => distance(a.table) - distance(b.table))
  const [best] = ranked
  if (best === undefined) return undefined
  const rivals = ranked.filter(({ table }) => distance(table) === distance(best.table))
  if (rivals.length > 1 && distance(best.table) > 0) {
    const choices = rivals.map(({ table, column }) => `${table.name}.${column.name}`)
    return { ask: `Where is "${best.value}" meant to stand?`, choices: [...new Set(choices)] }
  }
  if (rivals.length > 1) reading.doubts.push(0.8)
  const hops = shortestPath(reading.catalog, reading.named, best.table)?.length ?? 0
  if (!isMarked && hops > 1) reading.doubts.push(0.6)
  return best
}

/** A text without a known holder stands for a name: `customer "Ann"`, `called "Ann"`. */
function byName(reading: Reading, left: number, text: string): StoredValue | undefined {
  const table = tableOf(reading, reading.items[left]) ?? reading.named[0]
  const column = table === undefined ? undefined : displayColumn(table)
  if (table === undefined || column === undefined) return undefined
  reading.doubts.push(0.8)
  return { table, column, value: text }
}

function isUnknownName(item: Item): boolean {
  return item.mention === undefined && item.number === undefined && item.isProper
}

function readUnknownName(reading: Reading, index: number): void {
  const { at, passed } = leftOver(reading, index, 'copula', 'named', 'not')
  const isCalled = passed.some((one) => hasRole(one, 'named'))
  const column = isCalled || passed.length === 0 ? undefined : columnAt(reading, at)
  const rest = reading.items.slice(index)
  const length = rest.findIndex((item) => !isUnknownName(item))
  const words = rest.slice(0, length < 0 ? rest.length : length)
  const text = words.map((item) => item.text).join(' ')
  const holder = column ?? (isCalled ? byName(reading, at, text) : undefined)
  if (holder === undefined) return
  reading.doubts.push(0.85)
  const isNegated = passed.some((one) => hasRole(one, 'not'))
  use(...words, ...passed)
  if (column !== undefined) use(reading.items[at])
  equal(reading, columnExpression(holder), text, isNegated, index)
}

function readNumber(reading: Reading, index: number, number: number): void {
  const item = reading.items[index]
  const before = reading.items[index - 1]
  const other = reading.where.find((one) => reading.places.get(one) === index - 2)
  if (hasRole(before, 'or') && other !== undefined && isEquality(other)) {
    use(item, before)
    return equal(reading, other.left, number, false, index)
  }
  const { at, passed } = leftOver(reading, index, 'copula', 'preposition', 'not')
  const left = columnAt(reading, at)
  const isNegated = passed.some((one) => hasRole(one, 'not'))
  if (left !== undefined && tableOf(reading, reading.items[at]) === undefined) {
    use(item, reading.items[at], ...passed)
    return equal(
      reading,
      columnExpression(left),
      isNumeric(left.column) ? number : String(number),
      isNegated,
      index,
    )
  }
  const owner = tableOf(reading, reading.items[index - 1])
  const key = owner?.columns.find(
    ({ name }) => owner.primaryKey.length === 1 && owner.primaryKey[0] === name,
  )
  if (owner !== undefined && key !== undefined && isNumeric(key)) {
    use(item)
    return equal(reading, columnExpression({ table: owner, column: key }), number, isNegated, index)
  }
  const counted = tableOf(reading, reading.items[index + 1])
  if (counted !== undefined && hasRole(reading.items[index - 1], 'where', 'have')) {
    use(item, reading.items[index - 1], reading.items[index + 1])
    reading.having.push({
      kind: 'compare',
      left: { kind: 'count', table: counted },
      operator: '=',
      value: number,
    })
    return
  }
  const right = columnAt(reading, index + 1, ({ column }) => isNumeric(column))
  if (right !== undefined) {
    use(item, reading.items[index + 1])
    equal(reading, columnExpression(right), number, isNegated, index)
  }
}

function equal(
  reading: Reading,
  left: Expression,
  value: string | number,
  isNegated: boolean,
  index: number,
  isEither = true,
): void {
  if (isNegated) {
    addCondition(reading, index, { kind: 'compare', left, operator: '<>', value })
    return
  }
  const at = reading.where.findIndex(
    (condition) =>
      isEquality(condition) &&
      condition.left.kind === 'column' &&
      left.kind === 'column' &&
      condition.left.column === left.column,
  )
  const other = reading.where[at]
  if (other !== undefined && isEquality(other)) {
    const values = other.kind === 'in' ? other.values : [other.value]
    // "Visited by Ann and Bo" may ask for what both did, which one row cannot show.
    if (!isEither && !values.includes(value)) reading.doubts.push(0.55)
    if (values.includes(value)) return
    reading.where.splice(at, 1)
    addCondition(reading, index, { kind: 'in', left, values: [...values, value] })
    return
  }
  addCondition(reading, index, { kind: 'compare', left, operator: '=', value })
}

function isEquality(
  condition: Condition,
): condition is Extract<Condition, { kind: 'compare' | 'in' }> {
  return condition.kind === 'in' || (condition.kind === 'compare' && condition.operator === '=')
}
