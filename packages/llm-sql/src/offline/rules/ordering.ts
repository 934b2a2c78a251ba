import type { CatalogTable } from '@t2t/sql-guard'
import type { Direction } from '../../question/grammar.ts'
import { repeatsRowsOf, joinTables } from '../../schema/join-path.ts'
import { isAmount } from '../../schema/traits.ts'
import { countedTable } from '../counted.ts'
import { grammarOf, hasRole, type Item } from '../items.ts'
import type { Expression } from '../query/query.ts'
import {
  columnAt,
  columnExpression,
  folded,
  measureAt,
  meaningsOf,
  tableOf,
  use,
  type Reading,
} from '../reading.ts'
import { isListedFold, readSuperlative } from './superlatives.ts'
import { takeCount } from './take-count.ts'

/** Reads "top 5", "the most orders", "the youngest", "highest price", "sorted by name". */
export function readOrdering(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    const grammar = grammarOf(item)
    if (grammar?.role === 'top') readTop(reading, index, grammar.direction)
    if (grammar?.role === 'most') readMost(reading, index, grammar.direction)
    if (grammar?.role === 'common') readCommon(reading, index, grammar.direction)
    if (isListedFold(reading, index)) continue
    if (grammar?.role === 'superlative')
      readSuperlative(reading, index, grammar.direction, grammar.concepts)
    if (
      grammar?.role === 'aggregate' &&
      hasRole(reading.items[index - 1], 'where', 'have') &&
      grammar.aggregate !== 'sum' &&
      grammar.aggregate !== 'avg'
    ) {
      readSuperlative(reading, index, grammar.aggregate === 'max' ? 'descending' : 'ascending', [])
    }
    if (grammar?.role === 'order') readOrder(reading, index, 'ascending')
    if (grammar?.role === 'direction') readDirection(reading, index, grammar.direction)
    if (grammar?.role === 'alphabetical') readAlphabetical(reading, index)
  }
}

function readTop(reading: Reading, index: number, direction: Direction): void {
  use(reading.items[index])
  reading.limit = takeCount(reading, index)
  const by = reading.items.findIndex(
    (item, at) =>
      at > index && hasRole(item, 'by', 'preposition') && keyAt(reading, at + 1) !== undefined,
  )
  const key = by < 0 ? undefined : keyAt(reading, by + 1)
  if (key !== undefined) {
    use(reading.items[by], ...key.items)
    return push(reading, key.expression, direction)
  }
  const measureIndex = reading.items.findIndex((_, at) => measureAt(reading, at) !== undefined)
  const measure = measureAt(reading, measureIndex)
  if (measure !== undefined) return push(reading, folded('sum', measure), direction)
  const described = reading.items.findIndex(
    (item, at) => at > index && hasRole(item, 'superlative', 'most'),
  )
  if (described < 0)
    reading.problems.push({ ask: 'By what are the best to be chosen?', choices: [] })
}

function readMost(reading: Reading, index: number, direction: Direction): void {
  const next = reading.items[index + 1]
  const table = countedTable(reading, index + 1)
  const measure = measureAt(reading, index + 1)
  const column = columnAt(reading, index + 1, ({ table: owner, column: one }) =>
    isAmount(owner, one),
  )
  const limit = takeCount(reading, index)
  const key: Expression | undefined =
    measure !== undefined
      ? folded('sum', measure)
      : table !== undefined
        ? { kind: 'count', table }
        : column !== undefined
          ? foldedFor(reading, columnExpression(column), column.table)
          : undefined
  if (key === undefined) {
    reading.problems.push({
      ask: `The ${direction === 'descending' ? 'most' : 'least'} of what?`,
      choices: [],
    })
    return
  }
  use(reading.items[index], next)
  const hasSubject = reading.items.slice(0, index).some((one) => meaningsOf(one).length > 0)
  if (!hasSubject && key.kind === 'column' && / of$/i.test(reading.items[index]?.text ?? '')) {
    reading.outputs.push(folded(direction === 'descending' ? 'max' : 'min', key))
    return
  }
  reading.limit = limit
  push(reading, key, direction)
}

/** Sums a column of the many side of what is asked about: "the customer with the most quantity". */
function foldedFor(reading: Reading, expression: Expression, owner: CatalogTable): Expression {
  const subject = reading.named[0]
  if (subject === undefined || subject === owner) return expression
  const tree = joinTables(reading.catalog, [subject, owner])
  return tree !== undefined && repeatsRowsOf(tree, subject) ? folded('sum', expression) : expression
}

function readCommon(reading: Reading, index: number, direction: Direction): void {
  const skip = (at: number): number =>
    hasRole(reading.items[at], 'light', 'distinct', 'preposition') ? at + 1 : at
  const sides = [skip(index + 1), index - 1, index - 2, index - 3]
  const at = sides.find(
    (side) =>
      side >= 0 &&
      meaningsOf(reading.items[side]).length > 0 &&
      reading.items[side]?.isUsed === false,
  )
  if (at === undefined) return
  const item = reading.items[at]
  const table = tableOf(reading, item)
  const column = table === undefined ? columnAt(reading, at) : undefined
  const owner = column?.table ?? table
  if (owner === undefined) return
  const counted = reading.named.find((named) => named !== owner) ?? owner
  use(reading.items[index])
  reading.limit = takeCount(reading, index)
  if (column !== undefined) {
    use(item)
    const expression = columnExpression(column)
    reading.groups.push({ kind: 'expression', expression })
    reading.outputs.push(expression)
  } else reading.groups.push({ kind: 'table', table: owner })
  push(reading, { kind: 'count', table: column === undefined ? counted : owner }, direction)
}

function readOrder(reading: Reading, index: number, direction: Direction): void {
  use(reading.items[index])
  const start = hasRole(reading.items[index + 1], 'direction') ? index + 2 : index + 1
  const first = hasRole(reading.items[start], 'preposition', 'by') ? start + 1 : start
  if (first > start) use(reading.items[start])
  for (let at = first, key = keyAt(reading, at); key !== undefined; key = keyAt(reading, at)) {
    at += key.items.length
    const after = grammarOf(reading.items[at])
    const early = grammarOf(reading.items[index + 1])
    const chosen =
      after?.role === 'direction'
        ? after.direction
        : early?.role === 'direction'
          ? early.direction
          : direction
    use(...key.items, reading.items[after?.role === 'direction' ? at : index])
    push(reading, key.expression, chosen)
  }
  if (grammarOf(reading.items[index + 1])?.role === 'direction') use(reading.items[index + 1])
}

/** "in alphabetical order of city"; without a column it is the order of what is shown first. */
function readAlphabetical(reading: Reading, index: number): void {
  const isFollowed = hasRole(reading.items[index + 1], 'preposition', 'by')
  const key = isFollowed ? keyAt(reading, index + 2) : undefined
  if (key === undefined) return
  use(reading.items[index], ...key.items)
  push(reading, key.expression, 'ascending')
}

function readDirection(reading: Reading, index: number, direction: Direction): void {
  const start = hasRole(reading.items[index + 1], 'preposition', 'by') ? index + 2 : index + 1
  const after = keyAt(reading, start)
  if (after !== undefined) {
    use(reading.items[index], ...after.items)
    return push(reading, after.expression, direction)
  }
  const item = reading.items[index]
  if (start > index + 1 || / of$/i.test(item?.text ?? '')) {
    reading.problems.push({
      ask: `The order of what does "${item?.text ?? ''}" mean?`,
      choices: [],
    })
    return
  }
  const before = hasRole(reading.items[index - 2], 'by') ? keyAt(reading, index - 1) : undefined
  if (before !== undefined) {
    use(item, reading.items[index - 2], ...before.items)
    return push(reading, before.expression, direction)
  }
  const last = reading.order.pop()
  use(item)
  if (last !== undefined) return push(reading, last.by, direction)
  const by = reading.items
    .slice(0, index)
    .findLastIndex((_, at) => columnAt(reading, at) !== undefined)
  const column = columnAt(reading, by)
  if (column !== undefined) push(reading, columnExpression(column), direction)
}

interface Key {
  readonly expression: Expression
  readonly items: readonly (Item | undefined)[]
}

/** What rows can be ordered by, at a place of the question. */
function keyAt(reading: Reading, index: number): Key | undefined {
  const item = reading.items[index]
  const measure = measureAt(reading, index)
  if (measure !== undefined) return { expression: folded('sum', measure), items: [item] }
  const grammar = grammarOf(item)
  if (grammar?.role === 'count') {
    const table = tableOf(reading, reading.items[index + 1])
    const counted = table === undefined ? countedBefore(reading, index) : undefined
    if (counted !== undefined)
      return { expression: { kind: 'count', table: counted }, items: [item] }
    return table === undefined
      ? undefined
      : { expression: { kind: 'count', table }, items: [item, reading.items[index + 1]] }
  }
  if (grammar?.role === 'aggregate') {
    const inner = keyAt(reading, index + 1)
    return inner === undefined
      ? undefined
      : { expression: folded(grammar.aggregate, inner.expression), items: [item, ...inner.items] }
  }
  const table = tableOf(reading, item)
  if (table !== undefined && grammarOf(reading.items[index + 1])?.role === 'count') {
    return { expression: { kind: 'count', table }, items: [item, reading.items[index + 1]] }
  }
  if (table !== undefined) {
    const owned = columnAt(reading, index + 1, (column) => column.table === table)
    return owned === undefined
      ? undefined
      : { expression: columnExpression(owned), items: [item, reading.items[index + 1]] }
  }
  const column = columnAt(reading, index)
  return column === undefined ? undefined : { expression: columnExpression(column), items: [item] }
}

/** "Sorted by the count" speaks of what was counted before. */
function countedBefore(reading: Reading, index: number): CatalogTable | undefined {
  const before = reading.items.slice(0, index).findIndex((item) => hasRole(item, 'count'))
  return before < 0 ? undefined : tableOf(reading, reading.items[before + 1])
}

function push(reading: Reading, by: Expression, direction: Direction): void {
  reading.order.push({ by, direction })
}
