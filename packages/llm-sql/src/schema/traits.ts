import type { CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import { wordsOf } from './identifier.ts'

/** Whether a column holds numbers that can be added and compared. */
export function isNumeric({ type }: CatalogColumn): boolean {
  return /int|real|floa|doub|num|dec|money|serial/i.test(type) && !/point|interval/i.test(type)
}

/** Whether a column is part of a key: its numbers name things and are not amounts. */
export function isKey(table: CatalogTable, column: CatalogColumn): boolean {
  return (
    table.primaryKey.includes(column.name) ||
    table.foreignKeys.some(({ columns }) => columns.includes(column.name))
  )
}

/** Whether a column holds numbers that say how much, and neither which thing nor when. */
export function isAmount(table: CatalogTable, column: CatalogColumn): boolean {
  return (
    isNumeric(column) &&
    !isKey(table, column) &&
    wordsOf(column.name).at(-1) !== 'id' &&
    timeKind(column) === undefined
  )
}

/** How a column tells time; `undefined` when it does not. */
export function timeKind({ name, type }: CatalogColumn): 'day' | 'year' | undefined {
  const words = wordsOf(name)
  if (/date|time/i.test(type) && !/^time$/i.test(type)) return 'day'
  if (words.includes('year') && !/char|text/i.test(type)) return 'year'
  if (isNumeric({ name, type, isNullable: true })) return undefined
  if (words.some((word) => word === 'date' || word === 'timestamp' || word === 'datetime'))
    return 'day'
  return words.length > 1 && (words.at(-1) === 'at' || words.at(-1) === 'on') ? 'day' : undefined
}

const nameWords = ['name', 'title', 'label']

/** The column by which people know the rows of a table: its name or title. */
export function displayColumn(table: CatalogTable): CatalogColumn | undefined {
  const own = new Set(wordsOf(table.name))
  const texts = table.columns.filter((column) => !isKey(table, column))
  const wordsIn = (column: CatalogColumn): readonly string[] =>
    wordsOf(column.name, own).filter((word) => !own.has(word))
  return (
    texts.find(
      (column) => wordsIn(column).length === 1 && nameWords.includes(wordsIn(column)[0] ?? ''),
    ) ??
    texts.find((column) => nameWords.includes(wordsIn(column).at(-1) ?? '')) ??
    texts.find((column) => wordsOf(column.name).every((word) => own.has(word)))
  )
}
