import { root, stem } from './stem.ts'

/** One word, number, quoted text or comma of a question. */
export interface Token {
  readonly kind: 'word' | 'number' | 'quoted' | 'comma'
  /** As it stands in the question; for quoted text without the quotes. */
  readonly text: string
  /** Lower case and singular. */
  readonly stem: string
  /** What the forms of the word have in common. */
  readonly root: string
  /** Position in the question, in JavaScript string units. */
  readonly start: number
  readonly end: number
  /** Set for digits, and for words from zero to twelve; "one" is left out, it has other uses. */
  readonly number?: number | undefined
  /** Whether it begins with a capital letter without beginning a sentence. */
  readonly isProper: boolean
}

const pattern =
  /(?<quoted>"[^"]{1,200}"|“[^”]{1,200}”|(?<![\p{L}\p{N}])['‘][^'’]{1,200}['’](?![\p{L}\p{N}]))|(?<number>\d+(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?)(?![\p{L}\p{N}])|(?<word>[\p{L}\p{N}]+(?:['’](?!s\b)\p{L}+)?)|(?<comma>,)/gu

const numberWords = [
  'zero',
  '',
  'two',
  'three',
  'four',
  'five',
  'six',
  'seven',
  'eight',
  'nine',
  'ten',
  'eleven',
  'twelve',
]

/** Longest question that is read, in characters; what follows is ignored. */
const maxQuestionLength = 2_000

/** Splits a question into tokens. Underscores separate words; a possessive `'s` is dropped. */
export function tokenise(question: string): readonly Token[] {
  const tokens: Token[] = []
  for (const match of question.slice(0, maxQuestionLength).matchAll(pattern)) {
    const { quoted, number, word } = match.groups ?? {}
    const raw = match[0]
    const start = match.index
    const end = start + raw.length
    if (word === 's' && /['’]/.test(question[start - 1] ?? '')) continue
    const text = quoted === undefined ? raw : raw.slice(1, -1).trim()
    const spelled = word === undefined ? -1 : numberWords.indexOf(word.toLowerCase())
    const kind =
      quoted !== undefined
        ? 'quoted'
        : number !== undefined
          ? 'number'
          : word !== undefined
            ? 'word'
            : 'comma'
    tokens.push({
      kind,
      text,
      stem: stem(text),
      root: root(text),
      start,
      end,
      number:
        number !== undefined
          ? Number(number.replaceAll(',', ''))
          : spelled >= 0
            ? spelled
            : undefined,
      isProper:
        kind === 'word' &&
        start > 0 &&
        !/[.?!]\s*$/.test(question.slice(0, start)) &&
        /^\p{Lu}/u.test(raw),
    })
  }
  return tokens
}

/** The text of the question that a run of tokens covers. */
export function textOf(
  question: string,
  tokens: readonly Token[],
  from: number,
  to: number,
): string {
  const first = tokens[from]
  const last = tokens[to - 1]
  return first === undefined || last === undefined ? '' : question.slice(first.start, last.end)
}
