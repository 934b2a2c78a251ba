import { hasRole, type Item } from './items.ts'
import { meaningsOf, tableOf, type Problem, type Reading } from './reading.ts'

/** Words that carry weight and that no rule used. */
export function unexplained(reading: Reading): Problem | undefined {
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
    'like',
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
