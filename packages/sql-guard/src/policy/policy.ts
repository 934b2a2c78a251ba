/**
 * What a caller may read. The same policy drives the guard, the engine and the prompt filter.
 *
 * Names are written as the catalog has them: `table` or `schema.table`, and `table.column` or
 * `schema.table.column`. A name without a schema means each schema of the search path.
 */
export interface Policy {
  /** Names the policy in verdicts, receipts and metric labels. */
  readonly name: string
  readonly tables: TableAccess
  readonly columns: ColumnAccess
  readonly functions: FunctionAccess
  readonly limits: Limits
}

/** Which tables may be read. */
export interface TableAccess {
  /** `all` means every table of the catalog outside the system schemas. */
  readonly allow: 'all' | readonly string[]
  /** Wins over `allow`. */
  readonly block: readonly string[]
}

/** Which columns may be read. */
export interface ColumnAccess {
  /** Columns that must not be used anywhere: output, filter, join, group or sort. */
  readonly block: readonly string[]
}

/** Which functions may be called. */
export interface FunctionAccess {
  /** Names in addition to the safe set that the dialect maintains. */
  readonly allow: readonly string[]
  /** Wins over `allow` and over the safe set. */
  readonly block: readonly string[]
}

/** Bounds on the text and on the answer. */
export interface Limits {
  /** Rows that any statement returns at the most, an integer from 1 up. */
  readonly maxRows: number
  /** Bytes of UTF-8 that a text has at the most. */
  readonly maxTextBytes: number
  /** How deep subqueries and expressions may nest. */
  readonly maxDepth: number
  /** Tables that one statement may join at the most. */
  readonly maxJoins: number
}
