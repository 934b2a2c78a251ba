import type { SourcedMetadata } from '../assistant/assistant.ts'
import { findTimes } from '../entities/times/find-times.ts'
import type { IsoDay } from '../entities/calendar.ts'
import type { Mention, StoredValue, ValueMention } from '../entities/mention.ts'
import { dayIn } from '../entities/fold.ts'
import { findTerms } from '../entities/terms.ts'
import { findValues } from '../entities/values.ts'
import { fiscalCalendarOf } from '../metadata/terms.ts'
import type { Source } from '../metadata/metadata.ts'
import { findGrammar, type GrammarMatch } from '../question/grammar.ts'
import { textOf } from '../question/tokens.ts'
import { isKey } from '../schema/traits.ts'
import type { LinkedQuestion } from './link.ts'

/** A question whose phrases have a meaning each; what is not in `mentions` was not explained. */
export interface ResolvedQuestion extends LinkedQuestion {
  /** Without overlaps, in the order of the question. */
  readonly mentions: readonly Mention[]
}

/** What {@link resolveEntities} knows besides the question. */
export interface ResolveOptions {
  /** Merged and visible. */
  readonly metadata: readonly SourcedMetadata[]
  /** Where tables, columns and their values were read from. */
  readonly catalogSource: Source
  /** The day that "today" means. */
  readonly today: IsoDay
}

type Ranked = Mention & { readonly score: number }

/**
 * Gives each phrase of a question its meaning.
 *
 * What people wrote down (aliases, translations) wins over times, times over quoted text, and that
 * over names of the schema and values seen in the data, where the longer and stronger match wins.
 */
export function resolveEntities(linked: LinkedQuestion, options: ResolveOptions): ResolvedQuestion {
  const { question, tokens, catalog } = linked
  const ranked: Ranked[] = [
    ...findTerms(linked, options.metadata).map((mention) => ({
      ...mention,
      score: 40 + length(mention),
    })),
    ...findTimes(question, tokens, options.today, fiscalCalendarOf(options.metadata)).map(
      (time) => ({
        ...time,
        kind: 'time' as const,
        term: textOf(question, tokens, time.from, time.to),
        confidence: 1,
        score: 30 + length(time),
      }),
    ),
    ...values(linked, options.catalogSource),
    ...grammar(linked),
    ...linked.schema.map(({ from, to, candidates }) => ({
      kind: 'schema' as const,
      from,
      to,
      candidates,
      term: textOf(question, tokens, from, to),
      confidence: candidates[0]?.strength ?? 0,
      score: (to - from) * (candidates[0]?.strength ?? 0),
    })),
  ]
  const chosen: Ranked[] = []
  for (const mention of ranked.toSorted((a, b) => b.score - a.score || a.from - b.from)) {
    if (chosen.every(({ from, to }) => mention.to <= from || mention.from >= to))
      chosen.push(mention)
  }
  return {
    ...linked,
    catalog,
    mentions: chosen.toSorted((a, b) => a.from - b.from).map(withoutScore),
  }
}

/** A form wins over a typing error, and what is exact over both. */
const matchWeights = { exact: 1, form: 0.8, misspelt: 0.6 }
const matchConfidence = { exact: 0.95, form: 0.8, misspelt: 0.55 }

function values(
  { question, tokens, catalog, schema }: LinkedQuestion,
  source: Source,
): readonly Ranked[] {
  const found: Ranked[] = findValues(question, tokens, catalog).map(
    ({ from, to, values: stored, kind }) => {
      const isQuoted = tokens[from]?.kind === 'quoted'
      const isProper = tokens[from]?.isProper === true
      const strength = isQuoted ? 20 : (isProper ? 1.05 : 0.85) * matchWeights[kind]
      return {
        ...value(textOf(question, tokens, from, to), tokens[from]?.text ?? '', source),
        from,
        to,
        values: byContext(stored, from, schema),
        confidence: matchConfidence[kind],
        score: (to - from) * strength + (kind !== 'misspelt' && isStoredDay(stored) ? dayScore : 0),
      }
    },
  )
  const quoted = tokens.flatMap((token, from) =>
    token.kind !== 'quoted'
      ? []
      : [
          {
            ...value(textOf(question, tokens, from, from + 1), token.text, source),
            from,
            to: from + 1,
            confidence: 0.7,
            score: 10,
          },
        ],
  )
  return [...found, ...quoted]
}

/** A day that is stored as text is that text, and no stretch of time. */
const dayScore = 35

function isStoredDay(stored: readonly StoredValue[]): boolean {
  return stored.every(({ value: one }) => typeof one === 'string' && dayIn(one) !== undefined)
}

/** Puts the columns first that the question names, the nearer the better, then those of tables that it names. */
function byContext(
  stored: readonly StoredValue[],
  at: number,
  schema: LinkedQuestion['schema'],
): readonly StoredValue[] {
  if (stored.length < 2) return stored
  const support = ({ table, column }: StoredValue): number => {
    let best = isKey(table, column) ? -0.1 : 0
    for (const { from, candidates } of schema) {
      const nearness = 1 / (1 + Math.abs(from - at) / 4)
      for (const { entry, strength } of candidates) {
        if (entry.column === column) best = Math.max(best, strength * (1 + nearness))
        else if (entry.table === table && entry.column === undefined)
          best = Math.max(best, strength * (0.5 + nearness / 2))
      }
    }
    return best
  }
  return stored
    .map((one) => ({ one, support: support(one) }))
    .toSorted((a, b) => b.support - a.support)
    .map(({ one }) => one)
}

function value(
  term: string,
  text: string,
  source: Source,
): Omit<ValueMention, 'from' | 'to' | 'confidence'> {
  return { kind: 'value', term, text, values: [], isAlias: false, source }
}

/** Function words win over a schema that happens to use them; light words do not. */
const grammarWeight = 1.1
const lightWeight = 0.5

function grammar({ question, tokens, schema }: LinkedQuestion): readonly Ranked[] {
  const words = tokens.map(({ kind, text }) =>
    kind === 'word' ? text.toLowerCase() : kind === 'comma' ? ',' : '#',
  )
  const isColumn = (match: LinkedQuestion['schema'][number]): boolean =>
    strengthOf(match) >= 0.8 && match.candidates[0]?.entry.column !== undefined
  const isName = ({ from, to, grammar: { role } }: GrammarMatch): boolean =>
    role === 'count' &&
    tokens[from]?.stem === 'number' &&
    schema.some(
      (match) => match.from < from && match.to >= from && match.to < to && isColumn(match),
    )
  return findGrammar(words)
    .filter((match) => !isName(match))
    .map(({ from, to, grammar: found }) => ({
      kind: 'grammar',
      from,
      to,
      grammar: found,
      term: textOf(question, tokens, from, to),
      confidence: 1,
      score:
        (to - from) *
        (found.role === 'light' || found.role === 'unit' ? lightWeight : grammarWeight),
    }))
}

function strengthOf({ candidates }: LinkedQuestion['schema'][number]): number {
  return candidates[0]?.strength ?? 0
}

function length({ from, to }: { readonly from: number; readonly to: number }): number {
  return to - from
}

function withoutScore({ score: _score, ...mention }: Ranked): Mention {
  return mention
}
