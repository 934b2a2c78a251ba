import type { Span } from '../../guard/verdict.ts'

/** Turns the parser's offsets, which count bytes of UTF-8, into spans of the text. */
export interface Spans {
  /** The position in the text of an offset in bytes. */
  readonly index: (bytes: number) => number
  /** The span of the name, constant or word at an offset in bytes. */
  readonly at: (location: number | undefined) => Span
}

const word =
  /(?:[uU]&)?"(?:[^"]|"")*"|[\p{L}_\u0080-\uffff][\w$\u0080-\uffff]*|\d[\w.]*|\$\d+|'(?:[^']|'')*'|[^\s]/uy
const following = /\s*\.\s*((?:[uU]&)?"(?:[^"]|"")*"|[\p{L}_\u0080-\uffff][\w$\u0080-\uffff]*|\*)/uy

export function createSpans(text: string): Spans {
  let table: Uint32Array | undefined
  const isAscii = !/[\u0080-\uffff]/.test(text)

  const index = (bytes: number): number => {
    if (isAscii) return Math.min(bytes, text.length)
    table ??= offsets(text)
    return table[bytes] ?? text.length
  }
  return {
    index,
    at: (location) =>
      location === -1 ? { start: 0, end: text.length } : new WordSpan(text, location ?? 0, index),
  }
}

/** The span of a word, found when it is asked for: most spans never are. */
class WordSpan implements Span {
  readonly #text: string
  readonly #bytes: number
  readonly #index: (bytes: number) => number
  #end: number | undefined

  constructor(text: string, bytes: number, index: (bytes: number) => number) {
    this.#text = text
    this.#bytes = bytes
    this.#index = index
  }

  get start(): number {
    return this.#index(this.#bytes)
  }

  get end(): number {
    this.#end ??= endOfWord(this.#text, this.start)
    return this.#end
  }
}

function endOfWord(text: string, start: number): number {
  word.lastIndex = start
  let end = word.test(text) ? word.lastIndex : start
  for (;;) {
    following.lastIndex = end
    if (!following.test(text)) return end
    end = following.lastIndex
  }
}

/** For each byte of the text in UTF-8, the position of the character that it belongs to. */
function offsets(text: string): Uint32Array {
  const table = new Uint32Array(text.length * 3 + 1)
  let bytes = 0
  for (let at = 0; at < text.length;) {
    const code = text.codePointAt(at) ?? 0
    const width = code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4
    for (let byte = 0; byte < width; byte++) table[bytes + byte] = at
    bytes += width
    at += width === 4 ? 2 : 1
  }
  table[bytes] = text.length
  return table.subarray(0, bytes + 1)
}
