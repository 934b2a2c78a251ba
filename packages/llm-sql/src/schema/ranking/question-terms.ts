import { root, stem } from '../../question/stem.ts'
import { adjectives } from '../../question/adjectives.ts'
import { tokenise, type Token } from '../../question/tokens.ts'
import { wordsOf } from '../identifier.ts'
import { phraseOf, type SchemaProfile } from './profile.ts'
import { shapeOf } from './shapes.ts'

/** What a question says, in the terms of a schema. */
export interface QuestionTerms {
  /** How surely the question speaks of a term of the schema: 0 to 1. */
  readonly strength: ReadonlyMap<string, number>
  /** Stems of the words in their order, with one blank between them and one at each end. */
  readonly stems: string
  /** The text in lower case, in the same form. */
  readonly text: string
  /** Shapes of the codes that it holds. */
  readonly shapes: ReadonlySet<string>
  readonly asksForTime: boolean
  readonly asksForNumber: boolean
  readonly asksForCount: boolean
  /** It holds a name that the schema and its values do not know. */
  readonly hasUnknownName: boolean
  /** It says where from, or where. */
  readonly asksWhere: boolean
  /** It quotes a text of several words. */
  readonly quotesText: boolean
}

const functionWords = new Set(
  'a an the of in on at to for from by with and or not is are was were be been do does did has have had that this these those it its their there which who whom whose what when where how many much me us please show list give find tell all any each every than then as if so no nor only also into per between during among can could would should will'.split(
    ' ',
  ),
)
const timeCue =
  /\b(?:when|date|dates|year|years|month|months|day|days|time|since|until|before|after|earliest|latest|recent|newest|oldest|born|birthday|january|february|march|april|june|july|august|september|october|november|december)\b|\b(?:19|20)\d\d\b/i
const numberCue =
  /\b(?:average|avg|mean|total|sum|highest|lowest|maximum|minimum|max|min|most|least|more than|less than|greater|fewer|over|above|under|below|ratio|percentage|percent|rate|difference|exceed\w*|top|larger|largest|smallest|rank\w*)\b/i
const countCue = /\b(?:how many|number of|count)\b/i

const whoCue = /\b(?:who|whom|whose)\b/i
const placeCue = /\bwhere\b|\b(?:from|in|at|near)\s+(?:the\s+)?\p{Lu}\p{Ll}/u

const qualities: ReadonlyMap<string, readonly string[]> = new Map(
  adjectives.flatMap(({ plain, comparative, superlative, concepts }) =>
    [plain, comparative, superlative].map(
      (form) => [form, concepts.map((concept) => concept.replace('-', '')).slice(0, 5)] as const,
    ),
  ),
)

/** What adjectives of measure speak of, the likeliest most: "tallest" of a height. */
function conceptsIn(words: readonly string[]): readonly (readonly [string, number])[] {
  return words.flatMap((word, at) =>
    [word, `${words[at - 1] ?? ''} ${word}`].flatMap((form) =>
      (qualities.get(form) ?? []).map((concept, rank) => [concept, 0.7 - rank * 0.1] as const),
    ),
  )
}

/** Reads a question in the terms of a schema. */
export function questionTerms(question: string, profile: SchemaProfile): QuestionTerms {
  const text = question.slice(0, 4_000)
  const tokens = tokenise(text)
  const words = tokens.flatMap(({ text: word }) => wordsIn(word))
  const strength = new Map<string, number>()
  const add = (term: string, value: number): void => {
    if (value > (strength.get(term) ?? 0)) strength.set(term, value)
  }
  for (const [at, word] of words.entries()) {
    if (!functionWords.has(word)) addWord(word, profile, add)
    const next = words[at + 1]
    if (next !== undefined && profile.tablesBy.has(`${word}${next}`)) add(`${word}${next}`, 1)
  }
  for (const [concept, value] of conceptsIn(words)) add(concept, value)
  const isUnknown = ({ kind, isProper, stem: word }: Token): boolean =>
    (isProper || kind === 'quoted') && !profile.tablesBy.has(word)
  return {
    strength,
    stems: ` ${words.join(' ')} `,
    text: phraseOf(text),
    shapes: new Set(
      (text.match(/[^\s,;:!?'"()]+/g) ?? [])
        .map((part) => shapeOf(part.replace(/\.$/, '')))
        .filter((shape) => shape !== undefined),
    ),
    asksForTime: timeCue.test(text),
    asksForNumber: numberCue.test(text),
    asksForCount: countCue.test(text),
    hasUnknownName: whoCue.test(text) || tokens.some(isUnknown),
    asksWhere: placeCue.test(text),
    quotesText: tokens.some(
      ({ kind, text: quoted }) => kind === 'quoted' && quoted.split(/\s+/).length >= 3,
    ),
  }
}

function wordsIn(token: string): readonly string[] {
  return token
    .split(/\s+/)
    .flatMap((part) => (/\p{Ll}\p{Lu}/u.test(part) ? wordsOf(part) : [stem(part)]))
}

function addWord(
  word: string,
  { tablesBy, byRoot, similar }: SchemaProfile,
  add: (term: string, value: number) => void,
): void {
  if (tablesBy.has(word)) add(word, 1)
  for (const term of byRoot.get(root(word)) ?? []) add(term, 0.85)
  const isKnown = tablesBy.has(word)
  for (const [term, similarity] of similar.like(word)) add(term, similarity * (isKnown ? 0.5 : 0.8))
}
