import type { Expression, Query, Window } from '../tree.ts'
import type { Scopes } from './scopes.ts'

/** The parts of the grammar, as they call each other. */
export interface Grammar {
  /** A query without the brackets around it. */
  query(): Query
  /** An expression that may have an alias. */
  expression(): Expression
  /** An operand and the operators on it, without an alias. */
  plain(): Expression
  /** Operands with arithmetic between them. */
  chain(): Expression
  window(): Window
  sortList(): readonly Expression[]
  /** The names of the statement. */
  readonly scopes: Scopes
  /** Names of the parameters of the lambdas around. */
  readonly parameters: (readonly string[])[]
}
