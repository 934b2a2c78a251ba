import type { NamedExpression } from '../dialect/tree.ts'
import type { CommonTables } from './from/common-tables.ts'

/** A table of the database, as it is reported in a read set. */
export interface BaseTable {
  readonly schema: string
  readonly name: string
  readonly isView?: true | undefined
  readonly isFullText?: true | undefined
}

/** A column of the database. */
export interface Source {
  readonly table: BaseTable
  readonly column: string
}

/** A column that a query can name, with the columns of the database that it is computed from. */
export interface Column {
  /** As the engine compares it. */
  readonly key: string
  /** As it is shown; absent where the engine makes a name up. */
  readonly name: string | undefined
  readonly sources: readonly Source[]
  /** Whether the engine may call it otherwise, so that its name may mean a column further out. */
  readonly isGuess?: boolean | undefined
}

/** Something in `FROM` whose columns can be named. */
export interface Relation {
  /** The name before the dot; absent where there is none. */
  readonly alias: string | undefined
  /** The same as it is written, where that is not how it is compared. */
  readonly written?: string | undefined
  /** The table that it is; absent for everything that is computed. */
  readonly table: BaseTable | undefined
  /** Tables of which it may hold columns that are not known. */
  readonly opens: readonly BaseTable[]
  /** Whether it has an alias, so that its schema must not be written before its name. */
  readonly isNamed: boolean
  readonly columns: readonly Column[]
  /** Gives a column that is not among `columns`; absent where all columns are known. */
  readonly rest: ((key: string) => Column) | undefined
  /** The column that the row's identity stands for. */
  readonly rowId: Column | undefined
  /** Columns that only their names give, no star; a full-text table has some. */
  readonly hidden?: readonly Column[] | undefined
}

/** What a part of `FROM` offers: relations by name, and columns by their bare name. */
export interface Offer {
  readonly relations: readonly Relation[]
  readonly columns: readonly Column[]
}

/** One level of names; inner levels see outer ones. */
export interface Scope extends Offer {
  readonly outer: Scope | undefined
  readonly commonTables: CommonTables
  /** Output columns by their names, where an expression may use them. */
  readonly aliases: readonly Column[]
  /** Expressions by their names, where these may be used anywhere. */
  readonly named?: ReadonlyMap<string, readonly NamedExpression[]> | undefined
}

/** The columns of a query, and the levels of names that its `ORDER BY` may see. */
export interface Outcome {
  readonly columns: readonly Column[]
  /** Gives a column that is not among `columns`; absent where all columns are known. */
  readonly rest: ((key: string) => Column) | undefined
  readonly scopes: readonly Scope[]
}

export const nothing: Offer = { relations: [], columns: [] }

const indexes = new WeakMap<readonly Column[], ReadonlyMap<string, readonly Column[]>>()

/** The columns of a finished list that have a name; a long list is searched only once. */
export function columnsNamed(columns: readonly Column[], key: string): readonly Column[] {
  if (columns.length < 16) return columns.filter((column) => column.key === key)
  const index = indexes.get(columns) ?? Map.groupBy(columns, (column) => column.key)
  indexes.set(columns, index)
  return index.get(key) ?? []
}

/** All sources of some columns, each once. */
export function sourcesOf(columns: readonly Column[]): readonly Source[] {
  const [only] = columns
  if (columns.length === 1 && only !== undefined) return only.sources
  return unique(columns.flatMap(({ sources }) => sources))
}

/** Each source once. */
export function unique(sources: readonly Source[]): readonly Source[] {
  return sources.length < 2 ? sources : [...new Set(sources)]
}

/** Gives the first columns of a list other names. */
export function renamed(columns: readonly Column[], names: readonly string[]): readonly Column[] {
  if (names.length === 0) return columns
  return columns.map((column, index) => {
    const name = names[index]
    return name === undefined ? column : { key: name, name, sources: column.sources }
  })
}

/** Makes columns that are not known, computed from some sources. */
export function unknownFrom(sources: readonly Source[]): (key: string) => Column {
  return (key) => ({ key, name: key, sources })
}

/** Makes columns that are not known, each once; their sources are found when they are asked for. */
export function unknownBy(sourcesBy: (key: string) => readonly Source[]): (key: string) => Column {
  const made = new Map<string, Column>()
  return (key) => {
    const known = made.get(key)
    if (known !== undefined) return known
    const column: Column = { key, name: key, sources: unique(sourcesBy(key)) }
    made.set(key, column)
    return column
  }
}
