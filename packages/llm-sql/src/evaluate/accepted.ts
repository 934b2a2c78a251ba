import type { EvaluationQuestion } from './questions.ts'

/**
 * The queries that are accepted as an answer: `gold_sql` first, then the alternatives. In an
 * alternative `{a, b}` after `SELECT` stands for any of these columns, at least one, and `{}` later
 * for those that were taken.
 */
export function acceptedQueries({
  gold_sql: gold,
  gold_alternatives: others,
}: Accepting): readonly string[] {
  const all = [...(gold === undefined ? [] : [gold]), ...(others ?? []).flatMap(choicesOf)]
  return [...new Set(all)]
}

type Accepting = Pick<EvaluationQuestion, 'gold_sql' | 'gold_alternatives'>

/** Of more columns, all together and each alone are accepted. */
const maxColumns = 5

function choicesOf(sql: string): readonly string[] {
  const choice = /\{([^{}]+)\}/.exec(sql)
  if (choice === null) return sql.includes('{}') ? [] : [sql]
  const columns = splitColumns(choice[1] ?? '')
  const withColumns = (taken: readonly string[]): string =>
    sql.replace(choice[0], () => taken.join(', ')).replaceAll('{}', () => taken.join(', '))
  if (columns.length > maxColumns)
    return [withColumns(columns), ...columns.map((one) => withColumns([one]))]
  return Array.from({ length: 2 ** columns.length - 1 }, (_, at) =>
    withColumns(columns.filter((_column, index) => ((at + 1) & (1 << index)) !== 0)),
  )
}

/** Splits at the commas that stand in no parentheses. */
function splitColumns(text: string): readonly string[] {
  const parts = ['']
  let depth = 0
  for (const letter of text) {
    if (letter === '(') depth += 1
    if (letter === ')') depth -= 1
    if (letter === ',' && depth === 0) parts.push('')
    else parts.push(`${parts.pop() ?? ''}${letter}`)
  }
  return parts.map((part) => part.trim()).filter((part) => part !== '')
}
