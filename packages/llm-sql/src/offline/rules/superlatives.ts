import type { CatalogTable } from '@t2t/sql-guard'
import type { Concepts } from '../../question/adjectives.ts'
import type { Aggregate, Direction } from '../../question/grammar.ts'
import { isAmount, isKey, isNumeric, timeKind } from '../../schema/traits.ts'
import { conceptColumn } from '../concepts.ts'
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
  type Column,
  type Reading,
} from '../reading.ts'
import { takeCount } from './take-count.ts'

/** How a word folds a column: "average", and "highest" where it stands beside such a word. */
export function foldOf(item: Item | undefined): Aggregate | undefined {
  const grammar = grammarOf(item)
  if (grammar?.role === 'aggregate') return grammar.aggregate
  if (grammar?.role !== 'superlative') return undefined
  return grammar.direction === 'descending' ? 'max' : 'min'
}

/** Whether a superlative is one of several: "the highest, lowest and average price". */
export function isListedFold(reading: Reading, index: number): boolean {
  const [before, item, after] = reading.items.slice(Math.max(0, index - 1), index + 2)
  const self = index === 0 ? before : item
  const next = index === 0 ? item : after
  if (!hasRole(self, 'superlative')) return false
  const follows = next?.isListed === true && foldOf(next) !== undefined
  const isFollower = index > 0 && self?.isListed === true && foldOf(before) !== undefined
  return follows || isFollower
}

/** Reads "the highest price", "the youngest", "the highest average rating", "the highest price of each film". */
export function readSuperlative(
  reading: Reading,
  index: number,
  direction: Direction,
  concepts: Concepts,
): void {
  const item = reading.items[index]
  const target = targetAt(reading, index + 1)
  if (target !== undefined) {
    const hasSubject = reading.items.slice(0, index).some((one) => meaningsOf(one).length > 0)
    const isOfEach = reading.items.slice(index).some((one) => hasRole(one, 'group'))
    const isShown = !hasSubject || item?.isListed === true
    const limit = takeCount(reading, index)
    if (isOfEach && !isShown) {
      reading.problems.push({
        ask: `Is "${item?.text ?? ''}" meant for each of them, or of all?`,
        choices: [],
      })
      return
    }
    use(item, ...target.items)
    const isPlain = target.expression.kind === 'column'
    if (isPlain && (isOfEach || (isShown && !hasSubject && reading.limit === undefined))) {
      reading.outputs.push(folded(direction === 'descending' ? 'max' : 'min', target.expression))
      return
    }
    reading.limit = limit
    reading.order.push({ by: target.expression, direction })
    return
  }
  const next = tableOf(reading, reading.items[index + 1])
  const named = reading.named.length > 0 ? reading.named : subjectBefore(reading, index)
  const concept = conceptColumn(
    reading,
    concepts,
    direction,
    next === undefined ? named : [next, ...named],
  )
  if (concept === undefined) {
    reading.problems.push({ ask: `What does "${item?.text ?? ''}" mean here?`, choices: [] })
    return
  }
  reading.doubts.push(0.95)
  reading.limit = takeCount(reading, index)
  use(item)
  reading.order.push({ by: columnExpression(concept), direction: concept.direction })
}

/** The table of the first column that is spoken of, where no table is. */
function subjectBefore(reading: Reading, index: number): readonly CatalogTable[] {
  const first = reading.items.slice(0, index).flatMap((item) => meaningsOf(item).slice(0, 1))[0]
  return first === undefined ? [] : [first.table]
}

interface Target {
  readonly expression: Expression
  readonly items: readonly (Item | undefined)[]
}

/** What is the highest: a measure, a column, or an average or a sum of one. */
function targetAt(reading: Reading, index: number): Target | undefined {
  const item = reading.items[index]
  const measure = measureAt(reading, index)
  if (measure !== undefined) return { expression: folded('sum', measure), items: [item] }
  const fold = grammarOf(item)
  if (fold?.role === 'aggregate') {
    const inner = columnAt(reading, index + 1, ({ table, column }) => isAmount(table, column))
    if (inner === undefined) return undefined
    const isOwn = fold.aggregate === 'sum' && reading.named[0] === inner.table
    const expression = columnExpression(inner)
    return {
      expression: isOwn ? expression : folded(fold.aggregate, expression),
      items: [item, reading.items[index + 1]],
    }
  }
  if (tableOf(reading, item) !== undefined) return undefined
  const column = columnAt(reading, index, isOrdered)
  return column === undefined ? undefined : { expression: columnExpression(column), items: [item] }
}

function isOrdered({ table, column }: Column): boolean {
  return !isKey(table, column) || isNumeric(column) || timeKind(column) !== undefined
}
