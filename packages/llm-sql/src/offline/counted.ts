import type { CatalogTable } from '@t2t/sql-guard'
import { wordsOf } from '../schema/identifier.ts'
import { isAmount } from '../schema/traits.ts'
import { meaningsOf, tableOf, type Reading } from './reading.ts'

/**
 * The table whose rows a word counts: the one that it names, or else the only one whose name ends
 * with it, as "cards" does in `customer_cards`. A word that is an amount of its own counts no rows.
 */
export function countedTable(reading: Reading, index: number): CatalogTable | undefined {
  const item = reading.items[index]
  const named = tableOf(reading, item)
  if (named !== undefined || item === undefined || item.isUsed) return named
  const isName = item.mention === undefined || item.mention.kind === 'schema'
  const words = wordsOf(item.text)
  const last = words.at(-1)
  if (!isName || item.number !== undefined || last === undefined) return undefined
  const isMeasured = meaningsOf(item).some(
    ({ table, column }) => column !== undefined && isAmount(table, column),
  )
  if (isMeasured) return undefined
  const ending = reading.catalog.tables.filter((table) => {
    const own = wordsOf(table.name)
    return own.at(-1) === last && words.every((word) => own.includes(word))
  })
  const [only, second] = ending
  if (only === undefined || second !== undefined) return undefined
  reading.doubts.push(0.9)
  return only
}
