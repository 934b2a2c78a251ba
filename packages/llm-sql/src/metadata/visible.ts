import type { Catalog } from '@t2t/sql-guard'
import type { SourcedMetadata } from '../assistant/assistant.ts'
import { findQualified, findTable } from '../schema/find.ts'
import { readExpression } from './expression.ts'
import type { Metadata, Provenance, Source } from './metadata.ts'

/** Metadata in which every term has one meaning, and what had to give way for that. */
export interface MergedMetadata {
  /** In the order in which it was given. */
  readonly metadata: readonly SourcedMetadata[]
  readonly conflicts: readonly MetadataConflict[]
}

/** Two definitions of one term that say different things. */
export interface MetadataConflict {
  readonly term: string
  readonly kept: DefinitionPlace
  readonly dropped: DefinitionPlace
}

/** Where a definition stands. */
export interface DefinitionPlace {
  readonly source: Source
  /** The priority that counted: its own, or that of the source. */
  readonly priority: number
  readonly origin?: string | undefined
}

/**
 * Merges metadata for a reader of the given catalog.
 *
 * Keeps out whatever speaks of tables or columns that the catalog does not have. Of several
 * definitions of one term the one with the lowest priority number stays, then the one that was
 * given first; where the others say something else, that is a conflict. Aliases, translations,
 * metrics and synonyms share their terms; the glossary has its own. What the catalog does not have
 * leaves no trace in the conflicts either.
 */
export function mergeMetadata(
  metadata: readonly SourcedMetadata[],
  catalog: Catalog,
): MergedMetadata {
  const claims = metadata.flatMap(({ metadata: known, source }, at) =>
    claimsOf(known, source, catalog).map((claim) => ({ ...claim, at })),
  )
  const ordered = claims.toSorted((a, b) => a.place.priority - b.place.priority)
  const winners = new Map<string, Claim>()
  const won = metadata.map(() => new Map<object, Set<string>>())
  const conflicts: MetadataConflict[] = []
  for (const claim of ordered) {
    if (claim.needs !== undefined && won[claim.at]?.get(claim.entry)?.has(claim.needs) !== true)
      continue
    const winner = winners.get(claim.key)
    if (winner === undefined) {
      winners.set(claim.key, claim)
      const mine = won[claim.at]
      mine?.set(claim.entry, (mine.get(claim.entry) ?? new Set()).add(claim.key))
    } else if (winner.meaning !== claim.meaning) {
      conflicts.push({ term: claim.term, kept: winner.place, dropped: claim.place })
    }
  }
  return {
    metadata: metadata.map(({ metadata: known, source }, at) => ({
      source,
      metadata: withWinners(known, (entry, terms) =>
        terms.filter(({ key }) => won[at]?.get(entry)?.has(key) === true),
      ),
    })),
    conflicts,
  }
}

/** One term that an entry lays claim to. */
interface Claim extends Term {
  readonly entry: object
  readonly meaning: string
  readonly place: DefinitionPlace
  /** The claim of the same entry without which this one counts for nothing. */
  readonly needs?: string | undefined
}

interface Term {
  readonly term: string
  readonly key: string
}

type Keep = (entry: object, terms: readonly Term[]) => readonly Term[]

const worded = (term: string): Term => ({ term, key: `term ${normalised(term)}` })
const explained = (term: string): Term => ({ term, key: `word ${normalised(term)}` })
const calendar: Term = { term: 'fiscal calendar', key: 'calendar' }

function normalised(term: string): string {
  return term.trim().toLowerCase().replaceAll(/\s+/g, ' ')
}

function claimsOf(known: Metadata, source: Source, catalog: Catalog): readonly Claim[] {
  const { aliases = [], translations = [], metrics = [], glossary = [], synonyms = [] } = known
  const claims: Claim[] = []
  const claim = (
    entry: Provenance,
    terms: readonly Term[],
    meaning: unknown,
    main?: Term,
  ): void => {
    const { priority = source.priority, origin } = entry
    const place = { source, priority, ...(origin === undefined ? {} : { origin }) }
    const claimed = { entry, meaning: JSON.stringify(meaning), place }
    if (main !== undefined) claims.push({ ...main, ...claimed })
    for (const term of terms) {
      if (term.term.trim() !== '') claims.push({ ...term, ...claimed, needs: main?.key })
    }
  }
  const isKnown = (column: string): boolean => findQualified(catalog, column) !== undefined
  const isUsable = (expression: string): boolean =>
    readExpression(expression, catalog) !== undefined
  for (const one of aliases)
    if (isKnown(one.column)) claim(one, [worded(one.term)], [lower(one.column), one.value])
  for (const one of synonyms)
    if (isKnown(one.column)) claim(one, one.synonyms.map(worded), [lower(one.column), one.value])
  for (const one of translations)
    if (isUsable(one.expression)) claim(one, [worded(one.term)], one.expression)
  for (const one of metrics)
    if (isUsable(one.expression))
      claim(one, (one.synonyms ?? []).map(worded), one.expression, worded(one.name))
  for (const one of glossary) {
    const isVisible = (one.refersTo ?? []).every(
      (name) => findTable(catalog, name) !== undefined || isKnown(name),
    )
    if (isVisible)
      claim(one, (one.synonyms ?? []).map(explained), one.definition, explained(one.term))
  }
  const { fiscalCalendar } = known
  if (fiscalCalendar !== undefined) {
    const { firstMonth, yearNamedAfter, appliesTo, weekStartsOn } = fiscalCalendar
    claim(fiscalCalendar, [calendar], [firstMonth, yearNamedAfter, appliesTo, weekStartsOn])
  }
  return claims
}

/** Leaves of each entry the terms that it won; of a figure or a word its main name must be one. */
function withWinners(known: Metadata, keep: Keep): Metadata {
  const { aliases = [], translations = [], metrics = [], glossary = [], synonyms = [] } = known
  const { fiscalCalendar } = known
  const names = (entry: object, terms: readonly Term[]): readonly string[] =>
    keep(entry, terms).map(({ term }) => term)
  return {
    aliases: aliases.filter((one) => names(one, [worded(one.term)]).length > 0),
    translations: translations.filter((one) => names(one, [worded(one.term)]).length > 0),
    metrics: metrics.flatMap((one) => {
      if (names(one, [worded(one.name)]).length === 0) return []
      return [{ ...one, synonyms: names(one, (one.synonyms ?? []).map(worded)) }]
    }),
    glossary: glossary.flatMap((one) => {
      if (names(one, [explained(one.term)]).length === 0) return []
      return [{ ...one, synonyms: names(one, (one.synonyms ?? []).map(explained)) }]
    }),
    synonyms: synonyms.flatMap((one) => {
      const kept = names(one, one.synonyms.map(worded))
      return kept.length === 0 ? [] : [{ ...one, synonyms: kept }]
    }),
    ...(fiscalCalendar !== undefined && names(fiscalCalendar, [calendar]).length > 0
      ? { fiscalCalendar }
      : {}),
  }
}

function lower(text: string): string {
  return text.toLowerCase()
}
