import type { ReadSelect } from './selects.ts'

const extreme =
  /\b(?:top|most|least|fewest|best|worst|highest|lowest|largest|smallest|biggest|greatest|longest|shortest|oldest|youngest|newest|latest|earliest|recent|maximum|minimum|cheapest|heaviest|tallest)\b/i

/** Whether a statement takes its first rows in no order, although the question asks for an extreme. */
export function isUnordered(
  { select, query, isOutermost }: ReadSelect,
  sql: string,
  question: string,
): boolean {
  const isCompared = /\b(?:max|min)\s*\(/i.test(sql)
  const isFolded =
    select.items.length === 1 && select.group.length === 0 && isFold(select.items[0]?.expression)
  return (
    isOutermost &&
    query.limit !== undefined &&
    query.order.length === 0 &&
    select.from.every(({ kind }) => kind !== 'subquery') &&
    !isFolded &&
    !isCompared &&
    extreme.test(question)
  )
}

function isFold(
  expression: ReadSelect['select']['items'][number]['expression'] | undefined,
): boolean {
  return (
    expression?.kind === 'call' &&
    ['max', 'min', 'count', 'sum', 'avg', 'total'].includes(expression.name)
  )
}
