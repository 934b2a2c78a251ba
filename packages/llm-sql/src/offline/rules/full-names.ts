import type { CatalogTable } from '@t2t/sql-guard'
import { wordsOf } from '../../schema/identifier.ts'
import { isSame } from '../query/query.ts'
import { columnExpression, meaningsOf, use, type Reading } from '../reading.ts'

/** Reads "full names" where a table holds first and last names, and no full ones. */
export function readFullNames(reading: Reading): void {
  for (const [index, item] of reading.items.entries()) {
    const name = reading.items[index + 1]
    const isFull = item.mention === undefined && /^full$/i.test(item.text)
    if (!isFull || name === undefined || !/^names?\b/i.test(name.text)) continue
    const tables = [
      ...reading.named,
      ...meaningsOf(name).map(({ table }) => table),
      ...reading.items.flatMap((one) => meaningsOf(one).map(({ table }) => table)),
    ]
    const parts = tables.map(partsOf).find((found) => found.length === 2)
    if (parts === undefined) continue
    use(item, name)
    for (const part of parts)
      if (!reading.outputs.some((output) => isSame(output, part))) reading.outputs.push(part)
  }
}

function partsOf(table: CatalogTable): readonly ReturnType<typeof columnExpression>[] {
  return ['first', 'last'].flatMap((part) => {
    const column = table.columns.find(({ name }) => {
      const words = wordsOf(name)
      return words.includes(part) && words.includes('name')
    })
    return column === undefined ? [] : [columnExpression({ table, column })]
  })
}
