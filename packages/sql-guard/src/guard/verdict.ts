/** Decides about one SQL text: it may run as given in `sql`, or it may not, and why. */
export type Verdict = AllowedVerdict | RefusedVerdict

/** The text obeys the policy once it runs as `sql`. */
export interface AllowedVerdict {
  readonly kind: 'allowed'
  /** The only text that may be sent to the engine. */
  readonly sql: string
  /** Everything the statement reads, down to base tables where a catalog is known. */
  readonly reads: readonly TableRead[]
  /**
   * Everything that `sql` reads, where row filters of the policy read more than the statement does;
   * absent where it is the same as `reads`.
   */
  readonly allReads?: readonly TableRead[] | undefined
  /** Functions that `sql` calls, each once for each number of arguments; views are not opened. */
  readonly functions?: readonly FunctionCall[] | undefined
  /** Names of the output columns, in order; absent where they cannot be known without a catalog. */
  readonly output?: readonly string[] | undefined
  /** Rows that may be handed on at the most; where the text cannot say so, the reader stops there. */
  readonly maxRows: number
  /**
   * Who bounds the rows: the statement's own limit, the guard's in `sql`, or only the reader. After
   * `guard`, an answer of exactly `maxRows` rows may have been cut.
   */
  readonly rowLimit?: 'statement' | 'guard' | 'reader' | undefined
  /** The text that gives the plan of `sql` without running it; absent unless the policy permits it. */
  readonly explain?: string | undefined
}

/** The text must not run. */
export interface RefusedVerdict {
  readonly kind: 'refused'
  /** At least one; the first is the one to show when there is room for one. */
  readonly findings: readonly Finding[]
}

/** A table that a statement reads, and how it uses each column. */
export interface TableRead {
  readonly schema: string
  readonly table: string
  /** Present for a view that the catalog knows; the tables behind it are in the list, too. */
  readonly isView?: true | undefined
  /** Present for a table that the text does not name: it is behind a view, or a part of a table. */
  readonly isBehind?: true | undefined
  /** Present for a full-text table, which SQLite reads through tables of its own. */
  readonly isFullText?: true | undefined
  readonly columns: readonly ColumnRead[]
}

/** A function that a statement calls. */
export interface FunctionCall {
  /** Absent where the text does not say it. */
  readonly schema?: string | undefined
  /** As the engine compares it. */
  readonly name: string
  /** Arguments as they are written; `count(*)` has none. */
  readonly arity: number
}

/** How a statement uses a column. */
export interface ColumnRead {
  readonly column: string
  readonly uses: readonly ColumnUse[]
}

/** Where in a statement a column is read. */
export type ColumnUse = 'output' | 'filter' | 'join' | 'group' | 'sort'

/** One reason for a refusal. */
export interface Finding {
  /** Stable; says what is wrong even when the message is reworded. */
  readonly code: FindingCode
  /** One sentence that helps a person and a model; never contains literals of the text. */
  readonly message: string
  /** Position in the text, in JavaScript string units; absent when the text as a whole is meant. */
  readonly span?: Span | undefined
  /** The table, column or function that the finding is about. */
  readonly subject?: string | undefined
  /** Permitted names that the author may have meant, best first. */
  readonly candidates?: readonly string[] | undefined
}

/** A range of the text: `start` is included, `end` is not. */
export interface Span {
  readonly start: number
  readonly end: number
}

/** Everything that the guard refuses for. Codes are public API. */
export type FindingCode =
  | 'text-too-long'
  | 'text-has-control-character'
  | 'text-unbalanced'
  | 'syntax-invalid'
  | 'statement-count'
  | 'statement-kind-refused'
  | 'construct-unknown'
  | 'construct-refused'
  | 'table-unknown'
  | 'table-refused'
  | 'column-unknown'
  | 'column-ambiguous'
  | 'column-refused'
  | 'column-untraceable'
  | 'function-refused'
  | 'limit-exceeded'
