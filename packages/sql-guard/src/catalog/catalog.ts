/** Ids of the dialects that a catalog can describe. */
export type DialectName = 'postgres' | 'sqlite' | 'mysql' | 'clickhouse'

/**
 * What a database contains, as far as its reader may know it.
 *
 * Introspection fills it, the guard resolves names against it, and schema linking reads it.
 * It is plain JSON: it can be stored, sent over MCP and compared.
 */
export interface Catalog {
  /** The dialect whose rules for names apply. */
  readonly dialect: DialectName
  /** Changes whenever the content changes; a hash, or a counter of the engine. */
  readonly version: string
  /** Schemas that an unqualified name is looked up in, in this order. */
  readonly searchPath: readonly string[]
  /** Tables and views, in a stable order. */
  readonly tables: readonly CatalogTable[]
}

/** A table, view or other relation that a query can read. */
export interface CatalogTable {
  /** `main` in SQLite, `public` or another schema in PostgreSQL, the database in MySQL. */
  readonly schema: string
  readonly name: string
  readonly kind: 'table' | 'view'
  /** In the order in which `SELECT *` gives them. */
  readonly columns: readonly CatalogColumn[]
  /**
   * Whether it is a full-text table of SQLite (FTS3, FTS4 or FTS5): `MATCH` searches all of its
   * columns, whichever it names.
   */
  readonly isFullText?: boolean | undefined
  /** Column names of the primary key; empty when there is none. */
  readonly primaryKey: readonly string[]
  readonly foreignKeys: readonly CatalogForeignKey[]
  /** What people wrote about the table in the database. Untrusted text. */
  readonly comment?: string | undefined
  /** Rows, as the engine estimates or counts them. */
  readonly estimatedRows?: number | undefined
  /** The `SELECT` behind a view, so that it can be traced to its base tables. */
  readonly definition?: string | undefined
  /**
   * Tables whose rows include those of this one: the partitioned table of a partition, and the
   * tables that one inherits from in PostgreSQL.
   */
  readonly parents?: readonly CatalogParent[] | undefined
}

/** A table that another one is a part of. */
export interface CatalogParent {
  readonly schema: string
  readonly table: string
}

/** A column of a table or view. */
export interface CatalogColumn {
  readonly name: string
  /** The type as the engine spells it, such as `numeric(10,2)`. */
  readonly type: string
  readonly isNullable: boolean
  /** Untrusted text. */
  readonly comment?: string | undefined
  /** Names of the columns of the same table that a generated column is computed from. */
  readonly generatedFrom?: readonly string[] | undefined
  /** Every value that an enumerated column can hold. */
  readonly enumValues?: readonly string[] | undefined
  /** A bounded look at real values, only for columns that were opted in. Untrusted text. */
  readonly sampleValues?: readonly string[] | undefined
}

/** Columns that refer to the key of another table. */
export interface CatalogForeignKey {
  readonly columns: readonly string[]
  readonly references: {
    readonly schema: string
    readonly table: string
    readonly columns: readonly string[]
  }
}
