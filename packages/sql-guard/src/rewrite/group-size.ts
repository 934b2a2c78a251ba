import type { DialectTraits } from '../dialect/dialect.ts'
import type { GroupedCall } from '../resolve/reads.ts'
import type { Edit } from './splice.ts'

/**
 * The change that shows the value of an aggregate only where its group is large enough, and a null
 * elsewhere. Gives nothing where the text of the call is not the plain one that it must be.
 */
export function boundGroup(
  text: string,
  grouped: GroupedCall,
  traits: DialectTraits,
): Edit | undefined {
  const { call, argument, isItem } = grouped
  const { start } = call.span
  const closing = /^\s*\)/.exec(text.slice(argument.span.end))
  const before = opening.exec(text.slice(start, argument.span.start))
  if (closing === null || before === null) return undefined
  // The sum of all and the sum of the different values tell the value that stands there twice.
  if (/distinct/i.test(before[1] ?? '') && call.name !== 'count') return undefined
  const end = argument.span.end + closing[0].length
  const written = text.slice(start, end)
  const shown = `CASE WHEN ${conditionOf(grouped, traits)} THEN ${written} END`
  // PostgreSQL calls the column as the function, the others as the text.
  const name = traits.hasWholeRows ? call.name : written
  return { span: { start, end }, text: isItem ? `${shown} AS ${traits.quoteName(name)}` : shown }
}

const opening = /^(?:pg_catalog\s*\.\s*)?\w+\s*\(\s*(all\s+|distinct\s+)?$/i

function conditionOf(
  { text: column, sizes, alias, key }: GroupedCall,
  { quoteName }: DialectTraits,
): string {
  const different = (of: string) =>
    `count(DISTINCT CASE WHEN ${column} IS NOT NULL THEN ${quoteName(alias)}.${quoteName(of)} END)`
  const conditions = sizes.map(
    ({ size, of }) => `${of === undefined ? `count(${column})` : different(of)} >= ${size}`,
  )
  // No row counts twice, or one of them could outweigh the others.
  const once = key === undefined ? [] : [`count(${column}) = ${different(key)}`]
  return [...conditions, ...once].join(' AND ')
}
