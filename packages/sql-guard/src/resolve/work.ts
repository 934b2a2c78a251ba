import { refuse } from '../dialect/refusal.ts'
import type { Span } from '../guard/verdict.ts'
import type { Reads } from './reads.ts'

/** Columns that are handed on in one statement, each counted at every place that does so. */
const maxHandedOn = 30_000

/** So few columns cost no more than the text that names them. */
const few = 16

const handedOn = new WeakMap<Reads, number>()

/**
 * Counts columns that a place of a statement hands on, and refuses the statement where they are so
 * many that its cost would outgrow its text: a column may be made of many, and be used many times.
 */
export function countWork(reads: Reads, columns: number, span: Span): void {
  if (columns <= few) return
  const count = (handedOn.get(reads) ?? 0) + columns
  handedOn.set(reads, count)
  if (count <= maxHandedOn) return
  const message = 'The statement uses columns that are made of many others too often.'
  refuse('limit-exceeded', message, span)
}
