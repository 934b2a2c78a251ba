import type { CatalogTable } from '@t2t/sql-guard'
import { displayColumn } from '../schema/traits.ts'
import { hasRole } from './items.ts'
import { describeCondition } from './query/describe.ts'
import {
  isAggregate,
  isSame,
  leftOf,
  tablesOf,
  type Condition,
  type Expression,
  type Query,
} from './query/query.ts'
import { columnExpression, type Reading } from './reading.ts'
import { timeExpression } from './rules/times.ts'

/** Tables that a query must join for what was read. */
export function requiredTables(reading: Reading): readonly CatalogTable[] {
  const expressions = [
    ...reading.outputs,
    ...reading.groups.flatMap((group) => (group.kind === 'expression' ? [group.expression] : [])),
    ...reading.where.flatMap(leftOf),
    ...reading.having.flatMap(leftOf),
    ...reading.order.map(({ by }) => by),
  ]
  const absent = new Set(reading.where.flatMap(besideOf))
  const named = reading.named.filter((table) => !absent.has(table))
  const groupTables = reading.groups.flatMap((group) =>
    group.kind === 'table' ? [group.table] : [],
  )
  return [...new Set([...named, ...groupTables, ...expressions.flatMap(tablesOf)])]
}

/** Tables that only the inside of a condition reads. */
function besideOf(condition: Condition): readonly CatalogTable[] {
  if (condition.kind === 'without') return [condition.other]
  if (condition.kind !== 'within') return []
  const tables = condition.where.flatMap(leftOf).flatMap(tablesOf)
  return tables.filter((table) => table !== condition.left.table)
}

/** What rows are grouped by. */
export interface Grouping {
  /** What `GROUP BY` names. */
  readonly by: readonly Expression[]
  /** What is shown for each group. */
  readonly shown: readonly Expression[]
}

/** Turns what the question groups by into expressions. */
export function groupingOf(reading: Reading): Grouping {
  const by: Expression[] = []
  const shown: Expression[] = []
  for (const group of reading.groups) {
    if (group.kind === 'expression') {
      by.push(group.expression)
      shown.push(group.expression)
    } else if (group.kind === 'table') {
      const grouping = groupingByTable(group.table)
      by.push(...grouping.by)
      shown.push(...grouping.shown)
    } else {
      const of = timeExpression(reading, requiredTables(reading))
      if (of === undefined)
        reading.problems.push({
          ask: `Which date are the rows grouped by, for each ${group.unit}?`,
          choices: [],
        })
      else {
        by.push({ kind: 'bucket', unit: group.unit, of })
        shown.push({ kind: 'bucket', unit: group.unit, of })
      }
    }
  }
  return { by: withoutTwins(by), shown: withoutTwins(shown) }
}

function withoutTwins(list: readonly Expression[]): readonly Expression[] {
  return list.filter((one, at) => list.findIndex((other) => isSame(one, other)) === at)
}

/** Groups by the rows of a table: by its key, shown by its name. */
function groupingByTable(table: CatalogTable): Grouping {
  const display = displayColumn(table)
  const key = table.columns
    .filter(({ name }) => table.primaryKey.includes(name))
    .map((column) => columnExpression({ table, column }))
  const shown = display === undefined ? key : [columnExpression({ table, column: display })]
  return { by: [...key, ...shown.filter((one) => !key.some((other) => isSame(one, other)))], shown }
}

/** Puts what was read together as a query. */
export function compose(reading: Reading, grouping: Grouping, wantsList: boolean): Query {
  const { having, order, limit } = reading
  const outputs = [...reading.outputs]
  const groups = [...grouping.by]
  const besides = new Set([
    ...reading.where.flatMap(besideOf),
    ...having.flatMap(leftOf).flatMap((left) => (left.kind === 'count' ? [left.table] : [])),
  ])
  const subject = reading.named.find((table) => !besides.has(table)) ?? reading.named[0]
  const foldsOrder = order.some(({ by }) => isAggregate(by))
  const isWhole = reading.items.some((item) => hasRole(item, 'everything'))
  if (outputs.length === 0 && groups.length === 0 && subject !== undefined)
    outputs.push(
      ...shownFor(subject, isWhole || (wantsList && limit === undefined && having.length === 0)),
    )
  const folds = outputs.some(isAggregate)
  const plain = outputs.filter((output) => !isAggregate(output))
  if (groups.length === 0 && (foldsOrder || having.length > 0 || (folds && plain.length > 0))) {
    groups.push(...groupsFor(plain, foldedIn(outputs, order, having)))
  } else if (groups.length > 0) {
    for (const output of plain)
      if (!groups.some((group) => isSame(group, output))) groups.push(output)
  }
  const isGrouped = folds || foldsOrder || having.length > 0
  const shown = isGrouped
    ? grouping.shown.filter(
        (one) => !plain.some((output) => isSame(output, one) || covers(grouping, output, one)),
      )
    : []
  const measures = order.flatMap(({ by }) =>
    by.kind === 'measure' && !outputs.some((output) => isSame(output, by)) ? [by] : [],
  )
  return {
    outputs: [...shown, ...outputs, ...measures],
    isDistinct: reading.isDistinct && !isGrouped,
    tables: [
      ...new Set([
        ...requiredTables(reading),
        ...[...groups, ...shown, ...outputs].flatMap(tablesOf),
      ]),
    ],
    where: reading.where.filter(
      (one, at, all) =>
        all.findIndex((other) => describeCondition(other) === describeCondition(one)) === at,
    ),
    groups: isGrouped ? withOrder(groups, order) : [],
    having,
    order: order.length > 0 ? order : alphabetical(reading, outputs),
    limit,
  }
}

/** What groups are ordered by must be one value a group. */
function withOrder(groups: readonly Expression[], order: Query['order']): readonly Expression[] {
  if (groups.length === 0) return groups
  const plain = order.map(({ by }) => by).filter((by) => !isAggregate(by))
  return [...groups, ...plain.filter((by) => !groups.some((group) => isSame(group, by)))]
}

function foldedIn(
  outputs: readonly Expression[],
  order: Query['order'],
  having: readonly Condition[],
): readonly Expression[] {
  return [...outputs, ...order.map(({ by }) => by), ...having.flatMap(leftOf)].filter(isAggregate)
}

/** A column of the grouped table stands for it: "the city of each store, and its orders". */
function covers(grouping: Grouping, output: Expression, shown: Expression): boolean {
  return (
    grouping.by.length > 1 &&
    output.kind === 'column' &&
    shown.kind === 'column' &&
    output.table === shown.table
  )
}

function alphabetical(reading: Reading, outputs: readonly Expression[]): Query['order'] {
  const [first] = outputs
  if (first === undefined || !reading.items.some((item) => hasRole(item, 'alphabetical'))) return []
  return [{ by: first, direction: 'ascending' }]
}

/**
 * Plain outputs beside folded ones are groups. The name of a thing is grouped by the key of its
 * table too, so that two things of one name stay apart, unless the rows of that very table are
 * what is folded: "the countries of customers, and how many customers".
 */
function groupsFor(
  plain: readonly Expression[],
  folds: readonly Expression[],
): readonly Expression[] {
  const folded = new Set(folds.flatMap(tablesOf))
  const keys = plain.flatMap((output) => {
    if (output.kind !== 'column' || folded.has(output.table)) return []
    const { table, column: shown } = output
    if (
      displayColumn(table) !== shown &&
      !plain.some((other) => other !== output && tablesOf(other).includes(table))
    )
      return []
    return table.columns
      .filter(({ name }) => table.primaryKey.includes(name))
      .map((column) => columnExpression({ table, column }))
  })
  return withoutTwins([...keys, ...plain])
}

/** What stands for the rows of a table: its name, or everything when they are to be listed. */
function shownFor(table: CatalogTable, isList: boolean): readonly Expression[] {
  const display = displayColumn(table)
  if (!isList && display !== undefined) return [columnExpression({ table, column: display })]
  return table.columns.map((column) => columnExpression({ table, column }))
}
