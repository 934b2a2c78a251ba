import type { Concepts, Direction, Operator } from '../../question/grammar.ts'
import { wordsOf } from '../../schema/identifier.ts'
import { isKey, isNumeric, timeKind } from '../../schema/traits.ts'
import { grammarOf, hasRole } from '../items.ts'
import { isSame, type Expression } from '../query/query.ts'
import {
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
  const counted = tableOf(reading, reading.items[right])
  const left = before === undefined ? valueAt(reading, at) : undefined
  if (left !== undefined && counted === undefined) {
    use(reading.items[at], ...passed)
    return push(reading, left, operator, value)
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
    return push(reading, after, operator, value)
  }
  const concept = conceptColumn(
    reading,
    concepts,
    operator.startsWith('>') ? 'descending' : 'ascending',
  )
  if (concept !== undefined) {
    const flipped = operator.startsWith('>') ? '<' : '>'
    return push(reading, columnExpression(concept), concept.isFlipped ? flipped : operator, value)
  }
  reading.problems.push({ ask: `What is compared with ${value}?`, choices: [] })
}

function push(reading: Reading, left: Expression, operator: Operator, value: number): void {
  const isFolded = left.kind === 'measure' && left.isAggregate
  ;(isFolded ? reading.having : reading.where).push({ kind: 'compare', left, operator, value })
}

function valueAt(reading: Reading, index: number): Expression | undefined {
  const measure = measureAt(reading, index)
  if (measure !== undefined) return measure
  if (tableOf(reading, reading.items[index]) !== undefined) return undefined
  const column = columnAt(reading, index)
  return column === undefined ? undefined : columnExpression(column)
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
  reading.where.push(
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
  const concept = conceptColumn(reading, concepts, operator === '>' ? 'descending' : 'ascending')
  const left = valueAt(reading, at)
  const right = rightAt === undefined ? undefined : valueAt(reading, rightAt)
  const value = left ?? right ?? (concept === undefined ? undefined : columnExpression(concept))
  if (value === undefined) return
  use(reading.items[index], ...passed)
  if (left !== undefined) use(reading.items[at])
  if (rightAt !== undefined && right !== undefined && (left === undefined || isSame(left, right))) {
    use(reading.items[rightAt])
  }
  reading.where.push({ kind: 'than-average', left: value, operator })
}

/** The column that an adjective speaks of, in the tables that the question names. */
export function conceptColumn(
  reading: Reading,
  concepts: Concepts,
  direction: Direction,
  tables = reading.named,
): (Column & { readonly isFlipped: boolean; readonly direction: Direction }) | undefined {
  for (const concept of concepts) {
    const isFlipped = concept.startsWith('-')
    const word = isFlipped ? concept.slice(1) : concept
    for (const table of tables) {
      const column = table.columns.find(
        (candidate) =>
          wordsOf(candidate.name).includes(word) &&
          !isKey(table, candidate) &&
          (isNumeric(candidate) || timeKind(candidate) !== undefined || word === 'date'),
      )
      if (column === undefined) continue
      const turned: Direction = direction === 'ascending' ? 'descending' : 'ascending'
      return { table, column, strength: 0.8, isFlipped, direction: isFlipped ? turned : direction }
    }
  }
  return undefined
}
