import type { Expression, NamedExpression, Query, Window } from '../tree.ts'

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
  /** Aliases of the innermost select, where every one is put when it is read. */
  readonly aliases: NamedExpression[][]
  /** Names of the parameters of the lambdas around. */
  readonly parameters: (readonly string[])[]
  /** Names on the right side of IN, which may be tables or columns. */
  readonly members: string[]
}
