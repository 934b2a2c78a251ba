/**
 * What people know about the data that the database does not say.
 *
 * It comes from files or from MCP resources of type `application/vnd.t2t.metadata+json`, and it
 * is untrusted text until its schema has accepted it. Every list may be absent in the JSON form.
 */
export interface Metadata {
  readonly aliases: readonly ValueAlias[]
  readonly translations: readonly ColumnTranslation[]
}

/** A name that people use for a stored value: "abracadabra" for product 123. */
export interface ValueAlias {
  /** Matched without regard to case, at word boundaries. */
  readonly term: string
  /** `table.column` of the stored value. */
  readonly column: string
  readonly value: string | number
}

/** A word that people use for an expression: "sales" for the sum of price times quantity. */
export interface ColumnTranslation {
  readonly term: string
  /** SQL in terms of `table.column`; an aggregate when the word is a measure. */
  readonly expression: string
  readonly description?: string | undefined
}

/** Where a piece of knowledge came from. */
export interface Source {
  /** The server or file. */
  readonly name: string
  readonly uri?: string | undefined
  /** 1 to 999; the lower number wins a conflict. */
  readonly priority: number
}
