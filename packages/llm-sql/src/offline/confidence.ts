import type { CatalogTable } from '@t2t/sql-guard'
import { hasRole, type Item } from './items.ts'
import { meaningsOf, tableOf, type Problem, type Reading } from './reading.ts'

/** Words that carry weight and that no rule used. */
export function unexplained(reading: Reading): Problem | undefined {
  const grave = reading.items.find(
    (item, index) => !item.isUsed && weighs(reading, item) && !isRelation(reading, index),
  )
  if (grave === undefined) return undefined
  return { ask: `I did not understand "${grave.text}".`, choices: [] }
}

/**
 * Whether an unknown word only relates two known things, which the join does as well: "courses
 * *taught* by teachers". A word that stands alone narrows the question, and must be known.
 */
function isRelation(reading: Reading, index: number): boolean {
  const item = reading.items[index]
  if (
    item === undefined ||
    item.mention !== undefined ||
    item.number !== undefined ||
    item.isProper
  ) {
    return false
  }
  const right = reading.items.slice(index + 1).find((one) => one.mention?.kind !== 'grammar')
  const left = reading.items.slice(0, index).findLast((one) => tablesAt(one).length > 0)
  if (left === undefined || right === undefined || tablesAt(right).length === 0) return false
  const isPassive = hasGrammar(reading.items[index + 1], 'by')
  const leftTables = tablesAt(left)
  return isPassive || tablesAt(right).every((table) => !leftTables.includes(table))
}

function hasGrammar(item: Item | undefined, role: string): boolean {
  return item?.mention?.kind === 'grammar' && item.mention.grammar.role === role
}

/** The tables that an item speaks of, used or not. */
function tablesAt({ mention }: Item): readonly CatalogTable[] {
  if (mention?.kind === 'schema') return mention.candidates.map(({ entry }) => entry.table)
  if (mention?.kind === 'value') return mention.values.map(({ table }) => table)
  return mention?.kind === 'measure' ? mention.tables : []
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
    'like',
    'unit',
    'both',
  )
}

function weighs(reading: Reading, item: Item): boolean {
  if (item.mention?.kind === 'grammar') return isUnsupported(item)
  return tableOf(reading, item) === undefined
}

/** Explained words among all that carry weight, times one factor for each guess and weak link. */
export function confidenceOf(reading: Reading): number {
  const weighty = reading.items.filter((item) => item.mention?.kind !== 'grammar')
  const unknown = weighty.filter((item) => !item.isUsed && tableOf(reading, item) === undefined)
  const coverage = weighty.length === 0 ? 0 : 1 - unknown.length / weighty.length
  const weakest = Math.min(
    1,
    ...weighty.flatMap((item) =>
      meaningsOf(item)[0] === undefined ? [] : [meaningsOf(item)[0]?.strength ?? 0],
    ),
  )
  const linking = weakest < 0.6 ? weakest : 0.5 + weakest / 2
  return reading.doubts.reduce((product, doubt) => product * doubt, coverage * linking)
}
