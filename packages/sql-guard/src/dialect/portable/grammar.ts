import type { Expression, Query, Window } from '../tree.ts'
import type { Cursor } from './text/cursor.ts'

/** The parts of the reading, as they call each other. */
export interface Grammar {
  query(given: unknown, cursor: Cursor): Query
  /** What follows `ORDER BY`, with the words. */
  sorted(given: unknown, cursor: Cursor): readonly Expression[]
  expression(given: unknown, cursor: Cursor): Expression
  /** Expressions with commas between them. */
  list(given: unknown, cursor: Cursor): readonly Expression[]
  /** A window between brackets, with the word before it. */
  over(given: unknown, cursor: Cursor): Window | undefined
}
