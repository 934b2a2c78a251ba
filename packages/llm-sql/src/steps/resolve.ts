import type { SourcedMetadata } from '../assistant/assistant.ts'
import { findTimes } from '../entities/time.ts'
import type { IsoDay } from '../entities/calendar.ts'
import type { Mention, ValueMention } from '../entities/mention.ts'
import { findTerms } from '../entities/terms.ts'
import { findValues } from '../entities/values.ts'
import type { Source } from '../metadata/metadata.ts'
import { findGrammar, type GrammarMatch } from '../question/grammar.ts'
import { textOf } from '../question/tokens.ts'
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
    ...findTimes(question, tokens, options.today).map((time) => ({
      ...time,
      kind: 'time' as const,
      term: textOf(question, tokens, time.from, time.to),
      confidence: 1,
      score: 30 + length(time),
    })),
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

function values({ question, tokens, catalog }: LinkedQuestion, source: Source): readonly Ranked[] {
  const found: Ranked[] = findValues(question, tokens, catalog).map(
    ({ from, to, values: stored, isExact }) => {
      const isQuoted = tokens[from]?.kind === 'quoted'
      const isProper = tokens[from]?.isProper === true
      const strength = isQuoted ? 20 : (isProper ? 1.05 : 0.85) * (isExact ? 1 : 0.8)
      return {
        ...value(textOf(question, tokens, from, to), tokens[from]?.text ?? '', source),
        from,
        to,
        values: stored,
        confidence: isExact ? 0.95 : 0.8,
        score: (to - from) * strength,
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
