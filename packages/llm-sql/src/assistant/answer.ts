import type { Finding } from '@t2t/sql-guard'
import type { Source } from '../metadata/metadata.ts'
import type { MetadataConflict } from '../metadata/visible.ts'
import type { Receipt } from '../receipt/receipt.ts'

/** How a question ended. */
export type Answer = AnsweredAnswer | ClarifyAnswer | RefusedAnswer | FailedAnswer

/** What every answer tells. */
export interface AnswerBase {
  readonly question: string
  readonly entities: readonly ResolvedEntity[]
  /** Where the facts behind the answer came from. */
  readonly sources: readonly Source[]
  /** Sources that should have been there and were not. */
  readonly missing: readonly MissingSource[]
  /** Definitions of words of the question that had to give way. Absent when there are none. */
  readonly conflicts?: readonly MetadataConflict[] | undefined
  /** What models were asked for it. Absent when none was. */
  readonly usage?: AnswerUsage | undefined
}

/** What models took for an answer. */
export interface AnswerUsage {
  readonly modelCalls: number
  /** As far as the models told. */
  readonly inputTokens: number
  readonly outputTokens: number
}

/** Rows were read. */
export interface AnsweredAnswer extends AnswerBase {
  readonly kind: 'answered'
  /** The text that ran, exactly. */
  readonly sql: string
  readonly columns: readonly string[]
  readonly rows: readonly (readonly (string | number | boolean | null)[])[]
  /** Whether a cap ended the reading, so that `rows` are not all rows. */
  readonly isTruncated: boolean
  /** How the question was read, in one or two sentences. */
  readonly explanation: string
  /** 0 to 1; from linking and resolution, never from a model's own claim alone. */
  readonly confidence: number
  /** Drafts that were made, the first one included. */
  readonly attempts: number
  /** Reasons why the rows may not be the answer. Absent when there are none. */
  readonly warnings?: readonly AnswerWarning[] | undefined
  /** What the answer was made of; see `replay`. */
  readonly receipt?: Receipt | undefined
}

/** A reason why rows may not be the answer, although the statement ran. */
export interface AnswerWarning {
  /** Stable; says what was found even when the message is reworded. */
  readonly code:
    | 'rows-counted-twice'
    | 'filters-contradict'
    | 'join-missing'
    | 'nulls-exclude-all'
    | 'value-missing'
    | 'types-differ'
    | 'limit-inside'
    | 'order-missing'
    | 'division-whole'
    | 'averages-averaged'
    | 'rows-cut-off'
    | 'not-verified'
  /** One sentence for the person. It may hold constants of the statement. */
  readonly message: string
}

/** The question can be read in more than one way, or not at all. */
export interface ClarifyAnswer extends AnswerBase {
  readonly kind: 'clarify'
  /** What to ask the person. */
  readonly ask: string
  readonly choices: readonly string[]
  /** Statements that both ran and gave different rows. Absent when that is not the reason. */
  readonly readings?: readonly Reading[] | undefined
}

/** One of two readings of a question. */
export interface Reading {
  /** The text that ran, exactly. */
  readonly sql: string
  readonly explanation: string
  /** A row that this reading gives and the other does not; absent when there is none. */
  readonly row: AnsweredAnswer['rows'][number] | undefined
}

/** A policy forbids what the question needs. */
export interface RefusedAnswer extends AnswerBase {
  readonly kind: 'refused'
  readonly sql: string
  readonly findings: readonly Finding[]
}

/** Something outside did not work. */
export interface FailedAnswer extends AnswerBase {
  readonly kind: 'failed'
  /** Stable; says what failed even when the message is reworded. */
  readonly code:
    | 'model-failed'
    | 'database-failed'
    | 'catalog-missing'
    | 'attempts-exhausted'
    | 'timed-out'
  readonly message: string
}

/** A phrase of the question that was resolved to something in the data. */
export interface ResolvedEntity {
  /** As it stands in the question. */
  readonly term: string
  readonly kind: 'value' | 'measure' | 'table' | 'column' | 'time'
  /** What it means: `products.id = 123`, an expression, a table. */
  readonly meaning: string
  readonly source: Source
  /** 0 to 1. */
  readonly confidence: number
}

/** A source that did not answer. */
export interface MissingSource {
  readonly name: string
  readonly reason: string
}
