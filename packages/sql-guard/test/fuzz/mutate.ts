/** A source of numbers from 0 up to 1 that a seed decides. */
export type Random = () => number

/** A small generator of good quality; the same seed gives the same numbers. */
export function createRandom(seed: number): Random {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 0x1_0000_0000
  }
}

const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*\n?|\/\*[^]*?\*\/|\w+|\s+|[^\s\w]/g

/** Splits a text at its tokens; together they are the text. */
export function tokensOf(text: string): readonly string[] {
  return text.match(token) ?? []
}

/** Makes a new text from some of a corpus by a few random changes. */
export function mutate(corpus: readonly (readonly string[])[], random: Random): string {
  const pick = <Item>(items: readonly Item[]): Item | undefined =>
    items[Math.floor(random() * items.length)]
  const position = (tokens: readonly string[]) => Math.floor(random() * (tokens.length + 1))

  let tokens = [...(pick(corpus) ?? [])]
  const changes = 1 + Math.floor(random() * 4)
  for (let change = 0; change < changes; change++) {
    const other = pick(corpus) ?? []
    const at = position(tokens)
    switch (Math.floor(random() * 8)) {
      case 0:
        tokens.splice(at, 1)
        break
      case 1:
        tokens.splice(at, 1, pick(other) ?? '')
        break
      case 2:
        tokens.splice(at, 0, ' ', pick(other) ?? '', ' ')
        break
      case 3:
        tokens = [...tokens.slice(0, at), ...other.slice(position(other))]
        break
      case 4: {
        const group = groupAt(other, position(other))
        const mine = groupAt(tokens, at)
        tokens.splice(
          mine.start,
          mine.length,
          ...other.slice(group.start, group.start + group.length),
        )
        break
      }
      case 5: {
        const second = position(tokens)
        const [first = '', last = ''] = [tokens[at], tokens[second]]
        tokens.splice(at, 1, last)
        tokens.splice(second, 1, first)
        break
      }
      case 6:
        tokens.splice(at, 0, ...(pick(asides) ?? []))
        break
      default:
        tokens.splice(at, 0, ...tokens.slice(at, at + 1 + Math.floor(random() * 5)))
    }
  }
  return tokens.join('')
}

const asides: readonly (readonly string[])[] = [
  ['/**/'],
  [' -- x\n'],
  [' AS ', 'email', ' '],
  [' AS ', 'secrets', ' '],
  [' NATURAL JOIN ', 'customers', ' '],
  [' UNION ALL ', 'SELECT ', '1', ' '],
  ['(', 'SELECT ', 'email', ' FROM ', 'customers', ')'],
  [' WITH ', 'orders', ' AS (', 'SELECT ', '1', ') '],
  [', ', '*'],
  [' LIMIT ', '5', ' '],
  ['"'],
  ["'"],
  [';'],
]

/** The brackets around a position, with what they hold; the token there when there are none. */
function groupAt(
  tokens: readonly string[],
  at: number,
): { readonly start: number; readonly length: number } {
  let depth = 0
  for (let start = at; start >= 0; start--) {
    if (tokens[start] === ')' && start !== at) depth++
    if (tokens[start] !== '(') continue
    if (depth > 0) {
      depth--
      continue
    }
    let open = 0
    for (let end = start; end < tokens.length; end++) {
      if (tokens[end] === '(') open++
      if (tokens[end] === ')' && --open === 0) return { start, length: end - start + 1 }
    }
  }
  return { start: at, length: 1 }
}
