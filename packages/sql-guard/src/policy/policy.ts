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
  /** Rows that may be read; absent where all may. */
  readonly rows?: RowAccess | undefined
  /** Statements other than a plain query; absent where there are none. */
  readonly statements?: StatementAccess | undefined
  /** Policies that must agree as well; the stricter one wins. See `combinePolicies`. */
  readonly also?: readonly Policy[] | undefined
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
  /**
   * Columns whose values are replaced in the answer, by name. A masked column may only be an
   * output column by itself; anywhere else it is refused like a blocked one.
   */
  readonly mask?: Readonly<Record<string, Mask>> | undefined
  /**
   * Columns that may only be counted, summed and averaged, each over at least so many rows, by name.
   * Of a smaller group the answer has a null.
   */
  readonly minGroupSize?: Readonly<Record<string, number | MinGroupSize>> | undefined
}

/** How many different values of a column there must be in a group. */
export interface MinGroupSize {
  /** An integer from 2 up. */
  readonly size: number
  /** A column of the same table that says whom a row is about, such as `patient_id`. */
  readonly of: string
}

/**
 * What is shown instead of a value: nothing, three asterisks, or three asterisks and the last four
 * characters.
 */
export type Mask = 'null' | 'redacted' | 'last-4'

/** Which rows of a table may be read. */
export interface RowAccess {
  /**
   * Conditions in the SQL of the dialect by table, such as `tenant_id = :tenant`. They hold for
   * every reference of the table. `:name` stands for an attribute of the caller.
   */
  readonly filter: Readonly<Record<string, string>>
}

/** Which statements may run besides a query. */
export interface StatementAccess {
  /** `plan` lets a query be explained, which does not run it. */
  readonly explain: 'never' | 'plan'
}

/**
 * Which functions may be called.
 *
 * A function is `name` or `schema.name`; with `/2` after it, only calls with two arguments are
 * meant. A name without a schema means the engine's own functions and those of the search path.
 */
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
  /** Rows that all generators of a statement together may make, such as `generate_series`. */
  readonly maxGeneratedRows: number
  /** Whether the bounds of generators must be constants, or may come out of data. */
  readonly generators: 'constant' | 'data'
  /** Bytes of a text that one function may build out of constants, such as `repeat` and `lpad`. */
  readonly maxBuiltBytes: number
  /** Pairs of tables in one statement that no condition connects. */
  readonly maxCrossJoins: number
  /**
   * Common tables that refer to themselves: none, only those whose recursive part has a condition
   * or another table that can end it, or all.
   */
  readonly recursion: 'refused' | 'bounded' | 'allowed'
}
