import type { Concepts } from '../../question/adjectives.ts'
import type { Operator } from '../../question/grammar.ts'
import { isAmount, isKey, timeKind } from '../../schema/traits.ts'
import { countedTable } from '../counted.ts'
import { conceptColumn } from '../concepts.ts'
import { grammarOf, hasRole } from '../items.ts'
import { isSame, type Expression } from '../query/query.ts'
import {
  addCondition,
  columnAt,
  columnExpression,
  leftOver,
  measureAt,
  tableOf,
  use,
  type Column,
  type Reading,
} from '../reading.ts'

/** Reads "more than 5 orders", "price over 20", "20 or more points", "between 3 and 5", "above average". */
export function readComparisons(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    const grammar = grammarOf(item)
    if (grammar?.role === 'compare')
      readCompare(reading, index, grammar.operator, grammar.concepts ?? [])
    if (grammar?.role === 'compare-after') readCompareAfter(reading, index, grammar.operator)
    if (grammar?.role === 'between') readBetween(reading, index)
    if (grammar?.role === 'than-average') compareWithAverage(reading, index, '>', [])
  }
}

function readCompare(
  reading: Reading,
  index: number,
  operator: Operator,
  concepts: Concepts,
): void {
  const next = reading.items[index + 1]
  if (next?.number !== undefined) {
    use(reading.items[index], next)
    compare(reading, operator, next.number, index, index + 2, concepts)
    return
  }
  const following = grammarOf(next)
  if (following?.role === 'aggregate' && following.aggregate === 'avg') {
    use(next)
    compareWithAverage(reading, index, operator, concepts)
  }
}

function readCompareAfter(reading: Reading, index: number, operator: Operator): void {
  const number = reading.items[index - 1]
  if (number?.number !== undefined && !number.isUsed) {
    use(reading.items[index], number)
    compare(reading, operator, number.number, index - 1, index + 1, [])
    return
  }
  const isCounted = reading.items[index - 2]
  if (isCounted?.number === undefined || isCounted.isUsed) return
  use(reading.items[index], isCounted)
  compare(reading, operator, isCounted.number, index - 2, index - 1, [])
}

/** Finds what is compared: what stands before, else what stands after the number. */
function compare(
  reading: Reading,
  operator: Operator,
  value: number,
  leftFrom: number,
  right: number,
  concepts: Concepts,
): void {
  const { at, passed } = leftOver(reading, leftFrom, 'copula', 'where', 'light', 'have', 'who')
  const isCount = hasRole(reading.items[at - 1], 'count')
  const before = tableOf(reading, reading.items[at])
  if (before !== undefined && isCount) {
    use(reading.items[at], reading.items[at - 1], ...passed)
    reading.having.push({
      kind: 'compare',
      left: { kind: 'count', table: before },
      operator,
      value,
    })
    return
  }
  const left = before === undefined ? valueAt(reading, at) : undefined
  const isNext = reading.items[right]?.isListed === true
  const counted =
    left === undefined
      ? countedTable(reading, right)
      : isNext
        ? undefined
        : tableOf(reading, reading.items[right])
  if (left !== undefined && counted === undefined) {
    use(reading.items[at], isCount ? reading.items[at - 1] : undefined, ...passed)
    return push(reading, left, operator, value, right - 1)
  }
  if (counted !== undefined) {
    use(reading.items[right], ...passed)
    reading.having.push({
      kind: 'compare',
      left: { kind: 'count', table: counted },
      operator,
      value,
    })
    return
  }
  const after = valueAt(reading, right)
  if (after !== undefined) {
    use(reading.items[right])
    return push(reading, after, operator, value, right - 1)
  }
  const concept = conceptColumn(
    reading,
    concepts,
    operator.startsWith('>') ? 'descending' : 'ascending',
  )
  if (concept !== undefined) {
    const flipped = operator.startsWith('>') ? '<' : '>'
    return push(
      reading,
      columnExpression(concept),
      concept.isFlipped ? flipped : operator,
      value,
      right - 1,
    )
  }
  const same = comparedBefore(reading, leftFrom)
  if (same !== undefined) return push(reading, same, operator, value, right - 1)
  reading.problems.push({ ask: `What is compared with ${value}?`, choices: [] })
}

/** "Below 10 or above 20" compares the same thing twice. */
function comparedBefore(reading: Reading, index: number): Expression | undefined {
  const isJoined =
    hasRole(reading.items[index - 1], 'or') || reading.items[index]?.isListed === true
  const last = reading.where.at(-1)
  return isJoined && last?.kind === 'compare' && typeof last.value === 'number'
    ? last.left
    : undefined
}

function push(
  reading: Reading,
  left: Expression,
  operator: Operator,
  value: number,
  at: number,
): void {
  const isFolded = left.kind === 'measure' && left.isAggregate
  const condition = { kind: 'compare', left, operator, value } as const
  if (isFolded) reading.having.push(condition)
  else addCondition(reading, at, condition)
}

function valueAt(reading: Reading, index: number): Expression | undefined {
  const measure = measureAt(reading, index)
  if (measure !== undefined) return measure
  if (tableOf(reading, reading.items[index]) !== undefined) return undefined
  const column = columnAt(reading, index, isComparable)
  return column === undefined ? undefined : columnExpression(column)
}

/** Names and keys are no amounts: "at least 2 cards" compares no number of a card. */
function isComparable({ table, column }: Column): boolean {
  return isAmount(table, column) || (timeKind(column) !== undefined && !isKey(table, column))
}

function readBetween(reading: Reading, index: number): void {
  const [item, low, high] = reading.items.slice(index, index + 3)
  if (low?.number === undefined || high?.number === undefined) return
  const { at, passed } = leftOver(reading, index, 'copula', 'where', 'light', 'have', 'preposition')
  const side = [at, index + 3].find((candidate) => valueAt(reading, candidate) !== undefined)
  const left = side === undefined ? undefined : valueAt(reading, side)
  if (left === undefined || side === undefined) return
  use(item, low, high, reading.items[side], ...passed)
  const isDay = left.kind === 'column' && timeKind(left.column) === 'day'
  addCondition(
    reading,
    index,
    isDay
      ? {
          kind: 'time',
          left,
          range: { start: `${low.number}-01-01`, end: `${high.number + 1}-01-01` },
        }
      : { kind: 'between', left, low: low.number, high: high.number },
  )
}

function compareWithAverage(
  reading: Reading,
  index: number,
  operator: Operator,
  concepts: Concepts,
): void {
  const { at, passed } = leftOver(reading, index, 'copula', 'where', 'light', 'have', 'preposition')
  const rightAt = [index + 1, index + 2, index + 3].find(
    (candidate) => valueAt(reading, candidate) !== undefined,
  )
  const left = valueAt(reading, at)
  const right = rightAt === undefined ? undefined : valueAt(reading, rightAt)
  const concept =
    left === undefined && right === undefined
      ? conceptColumn(reading, concepts, operator === '>' ? 'descending' : 'ascending')
      : undefined
  const value = left ?? right ?? (concept === undefined ? undefined : columnExpression(concept))
  if (value === undefined) return
  use(reading.items[index], ...passed)
  if (left !== undefined) use(reading.items[at])
  if (rightAt !== undefined && right !== undefined && (left === undefined || isSame(left, right))) {
    use(reading.items[rightAt])
  }
  addCondition(reading, index, { kind: 'than-average', left: value, operator })
}
