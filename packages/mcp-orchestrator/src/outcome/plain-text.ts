/** Control, bidirectional, zero-width, filling and line-separating characters. */
const invisible = /[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\u2028\u2029]+/gu

/** Makes one visible line of a text that a server wrote, of at most `maxLength` characters. */
export function plainLine(text: string, maxLength = 300): string {
  const line = text
    .slice(0, maxLength * 4)
    .replace(/[\s\u2028\u2029]+/gu, ' ')
    .replace(invisible, '')
    .trim()
  return line.length > maxLength ? `${line.slice(0, maxLength - 1).trimEnd()}…` : line
}

/** Cuts a text to at most `maxBytes` of UTF-8, never inside a character. */
export function cutToBytes(
  text: string,
  maxBytes: number,
): { readonly text: string; readonly bytes: number; readonly isTruncated: boolean } {
  const bytes = new TextEncoder().encode(text)
  if (bytes.length <= maxBytes) return { text, bytes: bytes.length, isTruncated: false }
  const { read, written } = new TextEncoder().encodeInto(text, new Uint8Array(maxBytes))
  return { text: text.slice(0, read), bytes: written, isTruncated: true }
}
