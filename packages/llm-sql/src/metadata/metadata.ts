/**
 * What people know about the data that the database does not say.
 *
 * It comes from files or from MCP resources of type `application/vnd.t2t.metadata+json`, and it
 * is untrusted text until its schema has accepted it.
 */
export interface Metadata {
  /** Names for stored values. */
  readonly aliases?: readonly ValueAlias[] | undefined
  /** Words for columns and for expressions over them. */
  readonly translations?: readonly ColumnTranslation[] | undefined
  /** Figures that were agreed on. */
  readonly metrics?: readonly MetricDefinition[] | undefined
  /** What words mean; models are shown it. */
  readonly glossary?: readonly GlossaryEntry[] | undefined
  /** Other words for stored values. */
  readonly synonyms?: readonly ValueSynonyms[] | undefined
  /** How years, quarters and weeks are counted. */
  readonly fiscalCalendar?: FiscalCalendar | undefined
}

/** Where one definition came from, and how much it weighs. */
export interface Provenance {
  /**
   * 1 to 999; of two definitions of one term that of the lower number wins.
   * @defaultValue the priority of the source
   */
  readonly priority?: number | undefined
  /** Who or what said so: a person, a document, a date. At most 200 characters. */
  readonly origin?: string | undefined
}

/** A name that people use for a stored value: "abracadabra" for product 123. */
export interface ValueAlias extends Provenance {
  /** Matched without regard to case, at word boundaries. */
  readonly term: string
  /** `table.column` of the stored value. */
  readonly column: string
  readonly value: string | number
}

/** A word that people use for an expression: "sales" for the sum of price times quantity. */
export interface ColumnTranslation extends Provenance {
  readonly term: string
  /** SQL in terms of `table.column`; an aggregate when the word is a measure. */
  readonly expression: string
  readonly description?: string | undefined
}

/** A figure that the business agreed on. */
export interface MetricDefinition extends Provenance {
  readonly name: string
  /** An aggregate in terms of `table.column`. What does not count is left out with `CASE`. */
  readonly expression: string
  readonly description?: string | undefined
  /** Such as `EUR`. */
  readonly unit?: string | undefined
  /** What one row of the figure stands for, such as `order`. */
  readonly grain?: string | undefined
  /** Other names of the figure. */
  readonly synonyms?: readonly string[] | undefined
}

/** What a word means. */
export interface GlossaryEntry extends Provenance {
  readonly term: string
  readonly definition: string
  readonly synonyms?: readonly string[] | undefined
  /**
   * What the word stands for in the schema: `table` or `table.column`. An entry that refers to
   * something which the caller must not see is left out.
   */
  readonly refersTo?: readonly string[] | undefined
}

/** Other words for a stored value: "called off" for the status `cancelled`. */
export interface ValueSynonyms extends Provenance {
  /** `table.column` of the stored value. */
  readonly column: string
  readonly value: string | number
  readonly synonyms: readonly string[]
}

/** How years, quarters and weeks are counted. */
export interface FiscalCalendar extends Provenance {
  /** Month in which the fiscal year begins, 1 to 12; it begins on the first day. */
  readonly firstMonth: number
  /**
   * Whether the fiscal year that begins in 2024 and ends in 2025 is called 2024 or 2025.
   * @defaultValue 'end'
   */
  readonly yearNamedAfter?: 'start' | 'end' | undefined
  /**
   * Which years and quarters are fiscal: all of them, or only those that a question calls so.
   * @defaultValue 'all'
   */
  readonly appliesTo?: 'all' | 'fiscal' | undefined
  /** @defaultValue 'monday' */
  readonly weekStartsOn?: 'monday' | 'sunday' | undefined
}

/** Where a piece of knowledge came from. */
export interface Source {
  /** The server or file. */
  readonly name: string
  readonly uri?: string | undefined
  /** 1 to 999; the lower number wins a conflict. */
  readonly priority: number
}
