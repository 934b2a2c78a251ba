import type { CatalogTable } from '@t2t/sql-guard'
import { displayColumn } from '../schema/traits.ts'
import { joinTables, repeatsRowsOf, type JoinTree } from '../schema/join-path.ts'
import type { ResolvedQuestion } from '../steps/resolve.ts'
import { readComparisons } from './comparisons.ts'
import { readAbsences, readValues } from './conditions.ts'
import { describeCondition } from './describe.ts'
import { hasRole, itemsOf, type Item } from './items.ts'
import { readOrdering } from './ordering.ts'
import {
  isAggregate,
  isSame,
  tablesOf,
  type Condition,
  type Expression,
  type Query,
} from './query.ts'
import {
  columnExpression,
  createReading,
  meaningsOf,
  tableOf,
  type Problem,
  type Reading,
} from './reading.ts'
import { readGroups, readOutputs } from './selection.ts'
import { readNamedTimes, readOtherTimes, timeExpression } from './times.ts'

/** A question that was read: a query, and how sure the reading is; or what to ask. */
export type Interpretation =
  | {
      readonly kind: 'query'
      readonly query: Query
      readonly tree: JoinTree
      readonly confidence: number
    }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** Reads a resolved question by rules. */
export function interpret(question: ResolvedQuestion): Interpretation {
  const reading = createReading(question.catalog, itemsOf(question))
  readNamedTimes(reading)
  readAbsences(reading)
  readComparisons(reading)
  readOrdering(reading)
  readValues(reading)
  readGroups(reading)
  const wantsList = reading.items.some((item) => hasRole(item, 'ask'))
  readOutputs(reading)
  readOtherTimes(reading, requiredTables(reading))
  const groups = expressionsOf(reading)
  const query = compose(reading, groups, wantsList)
  return checked(reading, query)
}

function requiredTables(reading: Reading): readonly CatalogTable[] {
  const expressions = [
    ...reading.outputs,
    ...reading.groups.flatMap((group) => (group.kind === 'expression' ? [group.expression] : [])),
    ...reading.where.flatMap(leftOf),
    ...reading.having.flatMap(leftOf),
    ...reading.order.map(({ by }) => by),
  ]
  const absent = new Set(
    reading.where.flatMap((one) => (one.kind === 'without' ? [one.other] : [])),
  )
  const named = reading.named.filter((table) => !absent.has(table))
  const groupTables = reading.groups.flatMap((group) =>
    group.kind === 'table' ? [group.table] : [],
  )
  return [...new Set([...named, ...groupTables, ...expressions.flatMap(tablesOf)])]
}

function leftOf(condition: Condition): readonly Expression[] {
  return condition.kind === 'without'
    ? [{ kind: 'count', table: condition.table }]
    : [condition.left]
}

interface Grouping {
  /** What `GROUP BY` names. */
  readonly by: readonly Expression[]
  /** What is shown for each group. */
  readonly shown: readonly Expression[]
}

function expressionsOf(reading: Reading): Grouping {
  const by: Expression[] = []
  const shown: Expression[] = []
  for (const group of reading.groups) {
    if (group.kind === 'expression') {
      by.push(group.expression)
      shown.push(group.expression)
    } else if (group.kind === 'table') {
      const grouping = groupingOf(group.table)
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
  return { by, shown }
}

/** Groups by the rows of a table: by its key, shown by its name. */
function groupingOf(table: CatalogTable): Grouping {
  const display = displayColumn(table)
  const key = table.columns
    .filter(({ name }) => table.primaryKey.includes(name))
    .map((column) => columnExpression({ table, column }))
  const shown = display === undefined ? key : [columnExpression({ table, column: display })]
  return { by: [...key, ...shown.filter((one) => !key.some((other) => isSame(one, other)))], shown }
}

function compose(reading: Reading, grouping: Grouping, wantsList: boolean): Query {
  const { having, order, limit } = reading
  const outputs = [...reading.outputs]
  const groups = [...grouping.by]
  const subject =
    reading.named.find(
      (table) =>
        !having.some(
          ({ kind, ...one }) =>
            kind === 'compare' &&
            'left' in one &&
            one.left.kind === 'count' &&
            one.left.table === table,
        ),
    ) ?? reading.named[0]
  const foldsOrder = order.some(({ by }) => isAggregate(by))
  if (outputs.length === 0 && groups.length === 0 && subject !== undefined)
    outputs.push(...shownFor(subject, wantsList && limit === undefined && having.length === 0))
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
    tables: [...new Set([...requiredTables(reading), ...groups.flatMap(tablesOf)])],
    where: reading.where.filter(
      (one, at, all) =>
        all.findIndex((other) => describeCondition(other) === describeCondition(one)) === at,
    ),
    groups: isGrouped ? groups : [],
    having,
    order: order.length > 0 ? order : alphabetical(reading, outputs),
    limit,
  }
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
  return [...keys, ...plain].filter(
    (one, at, all) => all.findIndex((other) => isSame(one, other)) === at,
  )
}

/** What stands for the rows of a table: its name, or everything when they are to be listed. */
function shownFor(table: CatalogTable, isList: boolean): readonly Expression[] {
  const display = displayColumn(table)
  if (!isList && display !== undefined) return [columnExpression({ table, column: display })]
  return table.columns.map((column) => columnExpression({ table, column }))
}

function checked(reading: Reading, query: Query): Interpretation {
  const problem = reading.problems[0] ?? unexplained(reading) ?? impossible(reading, query)
  if (problem !== undefined) return { kind: 'problem', problem }
  const tree = joinTables(reading.catalog, query.tables)
  if (tree === undefined) {
    const names = query.tables.map(({ name }) => name)
    return {
      kind: 'problem',
      problem: {
        ask: `How do ${names.join(' and ')} belong together? No foreign keys join them.`,
        choices: [],
      },
    }
  }
  const doubled = [...query.outputs, ...query.order.map(({ by }) => by)].find((expression) =>
    countsDouble(expression, tree),
  )
  if (doubled !== undefined) {
    return {
      kind: 'problem',
      problem: {
        ask: 'The tables of the question repeat the rows that are added up, which would count them more than once. Which one is meant?',
        choices: query.tables.map(({ name }) => name),
      },
    }
  }
  return {
    kind: 'query',
    query,
    tree,
    confidence: confidenceOf(reading) * (tree.joins.some(({ isUnsaid }) => isUnsaid) ? 0.9 : 1),
  }
}

function countsDouble(expression: Expression, tree: JoinTree): boolean {
  const isSum =
    expression.kind === 'aggregate' &&
    (expression.aggregate === 'sum' || expression.aggregate === 'avg')
  if (!isSum && !(expression.kind === 'measure' && expression.isAggregate)) return false
  return tablesOf(expression).every((table) => repeatsRowsOf(tree, table))
}

function impossible(reading: Reading, query: Query): Problem | undefined {
  if (query.outputs.length === 0) {
    return {
      ask: 'What is to be shown?',
      choices: reading.catalog.tables.slice(0, 6).map(({ name }) => name),
    }
  }
  const isFoldedAndLimited =
    query.limit !== undefined && query.groups.length === 0 && query.outputs.some(isAggregate)
  if (isFoldedAndLimited)
    return {
      ask: 'The question asks for a total and for the best at once. Which one comes first?',
      choices: [],
    }
  return undefined
}

/** Words that carry weight and that no rule used. */
function unexplained(reading: Reading): Problem | undefined {
  const left = reading.items.filter((item) => !item.isUsed && weighs(reading, item))
  const grave = left.find(
    (item) =>
      item.number !== undefined ||
      item.isProper ||
      item.mention?.kind === 'value' ||
      item.mention?.kind === 'time' ||
      isUnsupported(item),
  )
  if (grave === undefined) return undefined
  return { ask: `I did not understand "${grave.text}".`, choices: [] }
}

function isUnsupported(item: Item): boolean {
  return hasRole(
    item,
    'unsupported',
    'compare',
    'compare-after',
    'between',
    'superlative',
    'most',
    'common',
    'than-average',
    'without',
    'not',
    'or',
  )
}

function weighs(reading: Reading, item: Item): boolean {
  if (item.mention?.kind === 'grammar') return isUnsupported(item)
  return tableOf(reading, item) === undefined
}

/** Explained words among all that carry weight, times one factor for each guess and weak link. */
function confidenceOf(reading: Reading): number {
  const weighty = reading.items.filter((item) => item.mention?.kind !== 'grammar')
  const unknown = weighty.filter((item) => !item.isUsed && tableOf(reading, item) === undefined)
  const coverage = weighty.length === 0 ? 0 : 1 - unknown.length / weighty.length
  const weakest = Math.min(
    1,
    ...weighty.flatMap((item) =>
      meaningsOf(item)[0] === undefined ? [] : [meaningsOf(item)[0]?.strength ?? 0],
    ),
  )
  const linking = 0.5 + weakest / 2
  return reading.doubts.reduce((product, doubt) => product * doubt, coverage * linking)
}
