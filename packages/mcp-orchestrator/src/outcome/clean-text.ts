/**
 * Characters that nobody sees: control characters but tab and line ends, those that change the
 * direction of text, those without width, tags, and the variation selectors that carry data.
 */
const unseen = /[\p{Cf}\u2028\u2029\u{E0000}-\u{E01EF}]|(?![\t\n\r])\p{Cc}/gu

/** The same in the escapes of a JSON text; a pair of backslashes is one, and hides no escape. */
const unseenEscape =
  /\\\\|\\u(?:00(?:0[0-8bce-f]|1[0-9a-f]|7f|[89][0-9a-f]|ad)|061c|180e|200[b-f]|202[8-9a-e]|206[0-9a-f]|feff|fff[9ab])|\\udb40\\u(?:dc[0-9a-f]{2}|dd[0-9a-e][0-9a-f])/gi

/** A Latin letter right beside a Cyrillic or Greek one, as in a word that imitates another. */
const mixedScripts =
  /\p{Script=Latin}[\p{Script=Cyrillic}\p{Script=Greek}]|[\p{Script=Cyrillic}\p{Script=Greek}]\p{Script=Latin}/u

/** Whether a word of the text mixes scripts whose letters look alike. */
export function hasLookalikes(text: string): boolean {
  return mixedScripts.test(text)
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
