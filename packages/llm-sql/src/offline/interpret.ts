import { joinTables, meetsByChance, repeatsRowsOf, type JoinTree } from '../schema/join-path.ts'
import type { ResolvedQuestion } from '../steps/resolve.ts'
import { compose, groupingOf, requiredTables } from './compose.ts'
import { confidenceOf, unexplained } from './confidence.ts'
import { hasRole, itemsOf } from './items.ts'
import {
  isAggregate,
  isSame,
  leftOf,
  tablesOf,
  type Expression,
  type Query,
} from './query/query.ts'
import { createReading, type Problem, type Reading } from './reading.ts'
import { readComparisons } from './rules/comparisons.ts'
import { narrowAbsences, readAbsences } from './rules/absences.ts'
import { readValues } from './rules/conditions.ts'
import { readFullNames } from './rules/full-names.ts'
import { readOrdering } from './rules/ordering.ts'
import { readGroups, readOutputs } from './rules/selection.ts'
import { readAlternatives, readBoth, readExclusions } from './rules/sets.ts'
import { readTexts } from './rules/texts.ts'
import { readNamedTimes, readOtherTimes } from './rules/times.ts'

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
  readTexts(reading)
  readComparisons(reading)
  readOrdering(reading)
  readValues(reading)
  readGroups(reading)
  const wantsList = reading.items.some((item) => hasRole(item, 'ask'))
  readFullNames(reading)
  readOutputs(reading)
  readOtherTimes(reading, requiredTables(reading))
  narrowAbsences(reading)
  readAlternatives(reading)
  readBoth(reading)
  readExclusions(reading)
  return checked(reading, compose(reading, groupingOf(reading), wantsList))
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
  const doubled = [
    ...query.outputs,
    ...query.order.map(({ by }) => by),
    ...query.having.flatMap(leftOf),
  ].find((expression) => countsDouble(expression, tree))
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
    confidence:
      confidenceOf(reading) *
      (tree.joins.some(({ isUnsaid }) => isUnsaid) ? 0.9 : 1) *
      (meetsByChance(tree, requiredTables(reading)) ? 0.55 : 1),
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
  const isOrderedBesides =
    query.isDistinct &&
    reading.catalog.dialect === 'postgres' &&
    query.order.some(({ by }) => !query.outputs.some((output) => isSame(output, by)))
  if (isOrderedBesides) {
    return {
      ask: 'Distinct rows can be ordered only by what they show. What is to be shown?',
      choices: [],
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
