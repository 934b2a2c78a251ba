import type { CatalogTable } from '@t2t/sql-guard'
import type { Concepts } from '../question/adjectives.ts'
import type { Direction } from '../question/grammar.ts'
import { wordsOf } from '../schema/identifier.ts'
import { joinsOf } from '../schema/join-path.ts'
import { isKey, isNumeric, timeKind } from '../schema/traits.ts'
import type { Column, Reading } from './reading.ts'

/** A column that an adjective speaks of. */
export interface ConceptColumn extends Column {
  /** Whether the most of the quality is the least of the column: the oldest has the earliest birthday. */
  readonly isFlipped: boolean
  readonly direction: Direction
}

/**
 * The column that an adjective speaks of, in the tables that the question names, or else in those
 * that they refer to. Where two columns would do, that is a guess.
 */
export function conceptColumn(
  reading: Reading,
  concepts: Concepts,
  direction: Direction,
  tables: readonly CatalogTable[] = reading.named,
): ConceptColumn | undefined {
  const found = columnIn(reading, concepts, direction, tables)
  if (found !== undefined) return found
  const around = joinsOf(reading.catalog)
    .filter(({ many, isUnsaid }) => tables.includes(many) && isUnsaid !== true)
    .map(({ one }) => one)
  const near = columnIn(reading, concepts, direction, around)
  if (near !== undefined) reading.doubts.push(0.9)
  return near
}

function columnIn(
  reading: Reading,
  concepts: Concepts,
  direction: Direction,
  tables: readonly CatalogTable[],
): ConceptColumn | undefined {
  for (const concept of concepts) {
    const isFlipped = concept.startsWith('-')
    const word = isFlipped ? concept.slice(1) : concept
    for (const table of tables) {
      const columns = table.columns.filter(
        (candidate) =>
          wordsOf(candidate.name).includes(word) &&
          !isKey(table, candidate) &&
          (isNumeric(candidate) || timeKind(candidate) !== undefined || word === 'date'),
      )
      const [column, second] = columns
      if (column === undefined) continue
      if (second !== undefined && wordsOf(column.name).length > 1) reading.doubts.push(0.7)
      const turned: Direction = direction === 'ascending' ? 'descending' : 'ascending'
      return { table, column, strength: 0.8, isFlipped, direction: isFlipped ? turned : direction }
    }
  }
  return undefined
}
