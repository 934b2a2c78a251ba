import { Buffer } from 'node:buffer'

/** Follows a text that was cut; three bytes. */
const mark = '…'

/** The least bytes to which a text can be cut: the mark, and a character of one byte. */
export const leastCellBytes = 4

/** Cuts a text to the longest beginning that fits with its mark; `undefined` when all of it fits. */
export function cutText(text: string, maxBytes: number): string | undefined {
  // No character takes more than three bytes for each of its UTF-16 units.
  if (text.length * 3 <= maxBytes) return undefined
  if (text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes) return undefined
  const beginning = Buffer.from(text.slice(0, maxBytes)).subarray(0, maxBytes - 3)
  return `${beginning.subarray(0, wholeCharacters(beginning)).toString()}${mark}`
}

/** Bytes up to the last character that is complete. */
function wholeCharacters(bytes: Buffer): number {
  let start = bytes.length - 1
  while (start > 0 && isContinuation(bytes[start])) start -= 1
  const first = bytes[start] ?? 0
  const length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4
  return start + length <= bytes.length ? bytes.length : start
}

function isContinuation(byte = 0): boolean {
  return (byte & 0xc0) === 0x80
}
