/** A result as a model is shown it. */
export interface ResultText {
  readonly text: string
  /** UTF-8 bytes of what is shown of the result. */
  readonly bytes: number
  readonly isTruncated: boolean
}

/**
 * Puts a result between two lines with the boundary, freed of the boundary and of characters that
 * cannot be seen, and cut to so many bytes.
 */
export function resultText(text: string, boundary: string, maxBytes: number): ResultText {
  const seen = text
    .slice(0, maxBytes * 2 + 1_000)
    .replaceAll(/[^\P{C}\n\t]/gu, '')
    .replaceAll(boundary, '')
  const all = new TextEncoder().encode(seen)
  const isTruncated = all.length > maxBytes || text.length > maxBytes * 2 + 1_000
  const shown = isTruncated
    ? new TextDecoder().decode(all.subarray(0, maxBytes), { stream: true })
    : seen
  const note = isTruncated ? '\nThe result was longer and was cut off here.' : ''
  return {
    text: `<result ${boundary}>\n${shown}\n</result ${boundary}>${note}`,
    bytes: Math.min(all.length, maxBytes),
    isTruncated,
  }
}

/** Bounded throughout, so that no text makes the search long; what is longer is broken up below. */
const address =
  /!?\[([^\]]{0,500})\]\([^)]{0,2000}\)|<?\b[a-z][a-z0-9+.-]{0,30}:\/\/[^\s<>"')\]]{1,2000}>?|\bwww\.[^\s<>"')\]]{1,2000}/giu

/**
 * Takes the addresses out of a text that the person did not write: a page that shows the answer
 * must not ask a foreign server for a picture with the data in its name.
 */
export function withoutForeignAddresses(text: string, words: readonly string[]): string {
  let left = text
  // What stands around an address may become one when that is gone.
  for (let round = 0; round < maxRounds; round++) {
    const next = left
      .replaceAll(address, (found: string, label: string | undefined) =>
        words.some((one) => one.includes(found)) ? found : (label ?? '[address removed]'),
      )
      .replaceAll(/^[ \t]{0,3}\[[^\]\n]{1,500}\]:.*$/gm, '')
      .replaceAll(/<\/?[a-z][^>]{0,2000}>/gi, '')
    if (next === left) return broken(next)
    left = next
  }
  return ''
}

/** Breaks up what a page could still take for a link or a tag. */
function broken(text: string): string {
  return text
    .replaceAll('](', '] (')
    .replaceAll(/\]:(?=\s)/g, '] :')
    .replaceAll(/<(?=[a-z/!])/gi, '')
}

const maxRounds = 10
