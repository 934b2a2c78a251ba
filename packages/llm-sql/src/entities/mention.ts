import type { CatalogColumn, CatalogTable } from '@t2t/sql-guard'
import type { Source } from '../metadata/metadata.ts'
import type { Grammar } from '../question/grammar.ts'
import type { SchemaCandidate } from '../schema/match.ts'
import type { DayRange } from './calendar.ts'

/** A stored value in the column that holds it. */
export interface StoredValue {
  readonly table: CatalogTable
  readonly column: CatalogColumn
  readonly value: string | number
}

/** A run of tokens and what it means; mentions of one question do not overlap. */
export type Mention = ValueMention | MeasureMention | TimeMention | SchemaMention | GrammarMention

interface MentionBase {
  /** Index of the first token, and of the token after the last. */
  readonly from: number
  readonly to: number
  /** As it stands in the question. */
  readonly term: string
  /** 0 to 1. */
  readonly confidence: number
}

/** A name for stored values: an alias, or a value that was seen in the data. */
export interface ValueMention extends MentionBase {
  readonly kind: 'value'
  /** Columns that hold the value; empty when the text was quoted and no column is known to hold it. */
  readonly values: readonly StoredValue[]
  readonly text: string
  readonly isAlias: boolean
  readonly source: Source
}

/** A word that metadata translates to an expression. */
export interface MeasureMention extends MentionBase {
  readonly kind: 'measure'
  readonly expression: string
  readonly tables: readonly CatalogTable[]
  /** Whether the expression is an aggregate. */
  readonly isAggregate: boolean
  readonly source: Source
}

/** A time phrase. */
export interface TimeMention extends MentionBase {
  readonly kind: 'time'
  readonly range: DayRange
  readonly years?:
    | { readonly first?: number | undefined; readonly last?: number | undefined }
    | undefined
}

/** A name of tables or columns. */
export interface SchemaMention extends MentionBase {
  readonly kind: 'schema'
  /** At least one, best first. */
  readonly candidates: readonly SchemaCandidate[]
}

/** A word or phrase of the question's grammar: "how many", "per", "more than". */
export interface GrammarMention extends MentionBase {
  readonly kind: 'grammar'
  readonly grammar: Grammar
}
