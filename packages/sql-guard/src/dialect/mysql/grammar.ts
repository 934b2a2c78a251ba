import type { Expression, Query, Window } from '../tree.ts'

/** The parts of the grammar, as they call each other. */
export interface Grammar {
  /** A query without the brackets around it. */
  query(): Query
  expression(): Expression
  /** An operand that is not made of operators. */
  operand(): Expression
  interval(): Expression
  over(): Window
  sortList(): readonly Expression[]
}
