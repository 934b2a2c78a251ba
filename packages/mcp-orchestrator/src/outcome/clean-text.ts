/**
 * Characters that nobody sees: control characters but tab and line ends, those that change the
 * direction of text, those without width, fillers, tags, and variation selectors, which carry data,
 * unless one of the two that choose how an emoji looks stands behind an emoji.
 */
const unseen =
  /[\p{Cf}\u2028\u2029]|(?![\t\n\r])\p{Cc}|(?![\uFE0E\uFE0F])\p{Default_Ignorable_Code_Point}|(?<!\p{Emoji})[\uFE0E\uFE0F]/gu

/** The same in the escapes of a JSON text; a pair of backslashes is one, and hides no escape. */
const unseenEscape =
  /\\\\|\\u(?:00(?:0[0-8bce-f]|1[0-9a-f]|7f|[89][0-9a-f]|ad)|034f|061c|115f|1160|17b[45]|180[b-f]|200[b-f]|202[8-9a-e]|206[0-9a-f]|3164|fe0[0-9a-f]|feff|ffa0|fff[0-9ab])|\\ud82f\\udca[0-3]|\\ud834\\udd7[3-9a]|\\udb4[0-3]\\ud[c-f][0-9a-f]{2}/gi

const alike =
  '\\p{Script=Cyrillic}\\p{Script=Greek}\\p{Script=Coptic}\\p{Script=Armenian}\\p{Script=Cherokee}\\p{Script=Lisu}'

/** Letters that are a plain one in another form: of full width, or for formulas. */
const inDisguise = '\\uFF21-\\uFF3A\\uFF41-\\uFF5A\\u{1D400}-\\u{1D7CB}'

/** A Latin letter right beside one that looks like another, as in a word that imitates another. */
const mixedScripts = new RegExp(
  `\\p{Script=Latin}[${alike}]|[${alike}]\\p{Script=Latin}|[A-Za-z][${inDisguise}]|[${inDisguise}][A-Za-z]`,
  'u',
)

/** A word of nothing but Cyrillic or Greek letters that look like Latin ones. */
const imitation = /(?<!\p{L})[аеорсухіјѕһԁԛԝӏАВЕКМНОРСТУХІЈЅΑΒΕΖΗΙΚΜΝΟΡΤΥΧοινρ]+(?!\p{L})/u

const disguised = new RegExp(`[${inDisguise}]`, 'u')

/** Whether a word of the text mixes scripts whose letters look alike. */
export function hasLookalikes(text: string): boolean {
  return mixedScripts.test(text)
}

/**
 * Whether a name could be taken for one in plain letters. In texts such words are words of a
 * language; as names of tools they are rare.
 */
export function isImitation(name: string): boolean {
  return disguised.test(name) || imitation.test(name)
}

/** A text without what cannot be seen. */
export interface CleanText {
  readonly text: string
  /** Whether anything was taken out. */
  readonly isCleaned: boolean
}

/**
 * Takes out what people cannot see in a text and models can: control characters but tab and line
 * ends, bidirectional controls, characters without width, and tags. Halves of characters become
 * U+FFFD.
 *
 * What the text says is not judged, and look-alike letters are not changed: text of an untrusted
 * server stays data that must not be read as commands.
 *
 * @example
 * ```ts
 * import { cleanText } from '@t2t/mcp-orchestrator'
 *
 * const { text, isCleaned } = cleanText('orders\u200b')
 * ```
 */
export function cleanText(text: string): CleanText {
  const clean = text.replace(unseen, '').toWellFormed()
  return { text: clean, isCleaned: clean !== text }
}

/** Cleans a JSON text, in which characters may also be written as escapes. */
export function cleanJson(json: string): CleanText {
  const { text } = cleanText(json)
  const clean = text.replace(unseenEscape, (found) => (found === '\\\\' ? found : ''))
  return { text: clean, isCleaned: clean !== json }
}

/** Cleans every text in a value that came from JSON, keys included; cuts texts to `maxLength`. */
export function cleanValue(value: unknown, maxLength: number, depth = 0): unknown {
  if (typeof value === 'string') return cleanText(value).text.slice(0, maxLength)
  if (typeof value !== 'object' || value === null || depth > 32) return value
  if (Array.isArray(value)) return value.map((item) => cleanValue(item, maxLength, depth + 1))
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => [
      cleanText(key).text,
      cleanValue(item, maxLength, depth + 1),
    ]),
  )
}
