import type { DialectName } from '../catalog/catalog.ts'
import type { Finding } from '../guard/verdict.ts'
import type { CallExpression, Statement } from './tree.ts'

/**
 * What the guard needs to know about one SQL engine.
 *
 * Implement this to support another engine, then run `dialectContract` from
 * `@t2t/sql-guard/testing` against it: the contract is the specification.
 */
export interface Dialect {
  /** Stable id; appears in verdicts and metric labels. */
  readonly name: DialectName
  readonly traits: DialectTraits
  /** Makes `parse` usable. Called once, by `createSqlGuard`, before anything else. */
  load(): Promise<void>
  /**
   * Parses a whole text. Must be pure and must not guess: a construct that is not in the
   * adapter's own tables is a finding, and so is text that the engine might read differently.
   */
  parse(text: string, bounds: ParseBounds): ParsedText
}

/** How deep and wide a tree may become before the adapter gives up. */
export interface ParseBounds {
  readonly maxDepth: number
  readonly maxJoins: number
}

/** Statements in order, or why there are none. */
export type ParsedText =
  | { readonly kind: 'parsed'; readonly statements: readonly Statement[] }
  | { readonly kind: 'failed'; readonly finding: Finding }

/** The rules in which engines differ, as data. */
export interface DialectTraits {
  readonly lexis: Lexis
  /** Writes a name so that the engine takes it as it is. */
  readonly quoteName: (name: string) => string
  /** Writes a text as a string constant; absent for a text that cannot be written safely. */
  readonly quoteString: (text: string) => string | undefined
  /** An expression for the last four characters of a value. */
  readonly lastFour: (expression: string) => string
  /** An expression for two texts in a row. */
  readonly concatenate: (left: string, right: string) => string
  /** A null of a type, as the engine spells it. */
  readonly typedNull: (type: string) => string
  /** What stands before a query to get its plan. */
  readonly explainPrefix: string
  /** Gives names that the engine takes for the same name the same form. */
  readonly fold: (name: string) => string
  /** The same for names of tables and schemas; absent where they are compared like any other. */
  readonly foldTable?: ((name: string) => string) | undefined
  /** Whether a limit may follow `VALUES`. */
  readonly limitsValues: boolean
  /** Schemas that exist without a catalog, looked up in this order. */
  readonly searchPath: readonly string[]
  /**
   * Which common tables of its list the text of one sees. `standard`: the ones before it, and with
   * `RECURSIVE` all; `all`: always all; `unsure`: as `standard`, but servers disagree about later
   * ones, so that naming one is refused.
   */
  readonly commonTables: 'standard' | 'all' | 'unsure'
  /** Whether a join condition sees every table of its `FROM`, not only those of its own join. */
  readonly onSeesAll: boolean
  /** Where an output alias may be used inside expressions. */
  readonly aliasesIn: readonly ('where' | 'group' | 'having' | 'order')[]
  /** How names are found where an engine does not look for them level by level. */
  readonly nameRules?: NameRules | undefined
  /** Whether a bare name that is a table means its whole row, and `a.b` may call a function. */
  readonly hasWholeRows: boolean
  /** Lower-case names of functions that take a whole row, and so can stand as `alias.name`. */
  readonly rowFunctions: ReadonlySet<string>
  /** Whether `*` gives the columns of `USING` and `NATURAL` before all others. */
  readonly mergedColumnsFirst: boolean
  /** Names that are constants where no column has them. */
  readonly constantNames: readonly string[]
  /** Names that mean the row's identity, which is the integer primary key where there is one. */
  readonly rowIdNames: readonly string[]
  /** Columns that every table has beside its own, and that tell when and where a row was written. */
  readonly systemColumns?: ReadonlySet<string> | undefined
  /** Whether the schema belongs to the engine. */
  isSystemSchema(schema: string): boolean
  /** Whether the unqualified table name belongs to the engine. */
  isSystemTable(table: string): boolean
  /** Lower-case names of functions that only compute from their arguments. */
  readonly safeFunctions: ReadonlySet<string>
  /** How whole tables are searched; absent where no function does. */
  readonly searchRules?: SearchRules | undefined
  /** Operator symbols that only compute from their operands. */
  readonly safeOperators: ReadonlySet<string>
  /** What a cast may name; absent where a cast looks nothing up, and a type is never a table. */
  readonly castRules?: CastRules | undefined
  /** What a call of one of the engine's functions costs, as far as its constants tell. */
  readonly costOf: (call: CallExpression) => CallCost
  /** Column names of functions in `FROM` that have more than one or none of their alias' name. */
  readonly functionColumns: ReadonlyMap<string, readonly string[]>
}

/** What a call may cost the engine. */
export interface CallCost {
  /** Rows that a generator makes; absent for every other function. */
  readonly generatedRows?: number | undefined
  /** Whether all bounds of a generator are constants. */
  readonly hasConstantBounds?: boolean | undefined
  /** Bytes that are built out of constants; absent where the answer is about as long as what is given. */
  readonly builtBytes?: number | undefined
  /** Whether a format, which may hold any width, is not a constant. */
  readonly hasComputedFormat?: boolean | undefined
}

/**
 * Rules of names that come with a dialect of this package.
 *
 * `free`: an alias may be used anywhere in its select and below it, where its text is read anew, and
 * a name with dots may be a column by itself, or a part of one.
 */
export interface NameRules {
  readonly kind: 'free'
}

/**
 * Rules of casts that come with a dialect of this package.
 *
 * `tables`: a type may look names up, or be the row of a table, and is then a read of it.
 */
export interface CastRules {
  readonly kind: 'tables'
}

/** Rules of full-text searches that come with a dialect of this package. */
export interface SearchRules {
  /** Lower-case names of safe functions that search, so that the tree must say which table. */
  readonly functions: ReadonlySet<string>
}

/** How an engine reads strings, quoted names and comments. */
export interface Lexis {
  /** Characters that quote a name, each with the one that ends it. */
  readonly quotes: Readonly<Record<string, string>>
  readonly hasDollarQuotes: boolean
  readonly hasEscapeStrings: boolean
  readonly hasNestedComments: boolean
  /** Whether a backslash escapes in strings, `#` begins a comment, and the server runs some comments. */
  readonly isMysql: boolean
  /** Whether a backslash escapes in strings and quoted names, and `#` begins some comments. */
  readonly isClickhouse?: boolean | undefined
}
