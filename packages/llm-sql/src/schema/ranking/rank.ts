import type { Catalog, CatalogColumn } from '@t2t/sql-guard'
import { findValues } from '../../entities/values.ts'
import { tokenise } from '../../question/tokens.ts'
import { featuresOf, type ColumnFeatures } from './features.ts'
import { profileOf, type ColumnProfile, type SchemaProfile, type TableProfile } from './profile.ts'
import { questionTerms, type QuestionTerms } from './question-terms.ts'
import { weights } from './weights.ts'

/** A column and how much speaks for showing it. */
export interface RankedColumn {
  readonly profile: ColumnProfile
  /** Only the order means something. */
  readonly score: number
}

const weighted = Object.entries(weights) as readonly (readonly [keyof ColumnFeatures, number])[]

/** Tables whose columns are ranked one by one. */
const maxTables = 60

/** What a column that is wanted in any case gets on top. */
const wantedScore = 1_000

/** Ranks the columns of the tables that a question may speak of, best first. */
export function rankColumns(
  question: string,
  catalog: Catalog,
  wanted: ReadonlySet<CatalogColumn> = new Set(),
): readonly RankedColumn[] {
  const profile = profileOf(catalog)
  const terms = questionTerms(question, profile)
  const valueHits = hitsOf(question, catalog)
  const tables =
    profile.tables.length <= maxTables
      ? profile.tables
      : likelyTables(profile, terms, valueHits, wanted)
  return tables
    .flatMap((table) => featuresOf(table, terms, profile, valueHits))
    .map(([column, features]) => ({
      profile: column,
      score: scoreOf(features) + (wanted.has(column.column) ? wantedScore : 0),
    }))
    .toSorted((a, b) => b.score - a.score)
}

function scoreOf(features: ColumnFeatures): number {
  let score = 0
  for (const [name, weight] of weighted) score += weight * features[name]
  return score
}

function likelyTables(
  { tablesBy, rarity, tables }: SchemaProfile,
  { strength }: QuestionTerms,
  valueHits: ReadonlyMap<CatalogColumn, number>,
  wanted: ReadonlySet<CatalogColumn>,
): readonly TableProfile[] {
  const scores = new Map<TableProfile, number>()
  for (const [term, value] of strength) {
    for (const table of tablesBy.get(term) ?? []) {
      const place = table.words.includes(term) ? 1.5 : 1
      scores.set(table, (scores.get(table) ?? 0) + value * (0.05 + rarity(term)) * place)
    }
  }
  for (const table of valueHits.size + wanted.size === 0 ? [] : tables) {
    for (const { column } of table.columns) {
      const hit = wanted.has(column) ? wantedScore : valueHits.get(column)
      if (hit !== undefined) scores.set(table, (scores.get(table) ?? 0) + hit)
    }
  }
  return [...scores]
    .toSorted(([, a], [, b]) => b - a)
    .slice(0, maxTables)
    .map(([table]) => table)
}

const sureness = { exact: 1, form: 0.7, misspelt: 0.5 }

/** How surely the question speaks of a known value of each column: 0 to 1. */
function hitsOf(question: string, catalog: Catalog): ReadonlyMap<CatalogColumn, number> {
  const hits = new Map<CatalogColumn, number>()
  for (const { from, to, values, kind } of findValues(question, tokenise(question), catalog)) {
    for (const { column } of values) {
      const hit =
        (Math.min(1, 0.5 + (to - from) * 0.25) * sureness[kind]) / Math.sqrt(values.length)
      if (hit > (hits.get(column) ?? 0)) hits.set(column, hit)
    }
  }
  return hits
}
