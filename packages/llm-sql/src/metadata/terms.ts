import type { SourcedMetadata } from '../assistant/assistant.ts'
import type { FiscalCalendar, Source } from './metadata.ts'

/** A term for a stored value, whichever list it stands in. */
export interface ValueTerm {
  readonly term: string
  /** `table.column`. */
  readonly column: string
  readonly value: string | number
  readonly source: Source
}

/** A term for an expression, whichever list it stands in. */
export interface ExpressionTerm {
  readonly term: string
  readonly expression: string
  readonly description?: string | undefined
  readonly source: Source
}

/** All terms for stored values: aliases, and synonyms of values. */
export function valueTermsOf(metadata: readonly SourcedMetadata[]): readonly ValueTerm[] {
  return metadata.flatMap(({ metadata: { aliases = [], synonyms = [] }, source }) => [
    ...aliases.map(({ term, column, value }) => ({ term, column, value, source })),
    ...synonyms.flatMap(({ synonyms: terms, column, value }) =>
      terms.map((term) => ({ term, column, value, source })),
    ),
  ])
}

/** All terms for expressions: translations, and metrics under each of their names. */
export function expressionTermsOf(metadata: readonly SourcedMetadata[]): readonly ExpressionTerm[] {
  return metadata.flatMap(({ metadata: { translations = [], metrics = [] }, source }) => [
    ...translations.map(({ term, expression, description }) => ({
      term,
      expression,
      description,
      source,
    })),
    ...metrics.flatMap(({ name, synonyms = [], expression, description }) =>
      [name, ...synonyms].map((term) => ({ term, expression, description, source })),
    ),
  ])
}

/** The calendar that holds; merged metadata has one at the most. */
export function fiscalCalendarOf(metadata: readonly SourcedMetadata[]): FiscalCalendar | undefined {
  return metadata.find(({ metadata: { fiscalCalendar } }) => fiscalCalendar !== undefined)?.metadata
    .fiscalCalendar
}
