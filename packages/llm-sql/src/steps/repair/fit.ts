import type { CatalogColumn } from '@t2t/sql-guard'
import { isNumeric } from '../../schema/traits.ts'
import { is, type SqlToken } from './sql/lex.ts'
import type { Reference, Statement } from './sql/references.ts'

const comparisons = ['=', '<>', '!=', '<', '>', '<=', '>=', 'like', 'in', 'between'] as const

/** The constants that a name is compared with, anywhere in the statement. */
export function constantsBeside(
  { text, block }: Reference,
  { references, tokens }: Statement,
): readonly SqlToken[] {
  return references
    .filter((one) => one.block === block && one.text.toLowerCase() === text.toLowerCase())
    .flatMap(({ from, to }) => {
      const isAfter = is(tokens[to], ...comparisons)
      const after = is(tokens[to + 1], '(') ? tokens[to + 2] : tokens[to + 1]
      const before = is(tokens[from - 1], '=') ? tokens[from - 2] : undefined
      return [isAfter ? after : undefined, before].filter(isConstant)
    })
}

function isConstant(token: SqlToken | undefined): token is SqlToken {
  return token?.kind === 'string' || token?.kind === 'number'
}

/** Whether a column can hold these constants: one of numbers holds no words. */
export function canHold(column: CatalogColumn, constants: readonly SqlToken[]): boolean {
  const isWord = constants.some(
    ({ kind, text }) => kind === 'string' && /\p{L}/u.test(text.slice(1)) && !/\d/.test(text),
  )
  return !isWord || !isNumeric(column)
}

/** Whether a value that is known of a column is one of these constants. */
export function isKnownIn(
  { enumValues = [], sampleValues = [] }: CatalogColumn,
  constants: readonly SqlToken[],
): boolean {
  const written = constants
    .filter(({ kind }) => kind === 'string')
    .map(({ text }) => text.slice(1, -1).replaceAll("''", "'"))
  return (
    written.length > 0 &&
    [...enumValues, ...sampleValues].some((value) => written.includes(String(value)))
  )
}
