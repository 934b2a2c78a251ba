import { pick, type Random } from './random.ts'

const token =
  /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*\n?|\/\*[^]*?\*\/|\w+|\s+|[^\s\w]/g

/** Splits a text at its tokens; together they are the text. */
export function tokensOf(text: string): readonly string[] {
  return text.match(token) ?? []
}

/** Makes a new text from some of a corpus by a few random changes. */
export function mutate(corpus: readonly (readonly string[])[], random: Random): string {
  const position = (tokens: readonly string[]) => Math.floor(random() * (tokens.length + 1))

  let tokens = [...pick(random, corpus)]
  const changes = 1 + Math.floor(random() * 4)
  for (let change = 0; change < changes; change++) {
    const other = pick(random, corpus)
    const at = position(tokens)
    switch (Math.floor(random() * 8)) {
      case 0:
        tokens.splice(at, 1)
        break
      case 1:
        tokens.splice(at, 1, pick(random, other))
        break
      case 2:
        tokens.splice(at, 0, ' ', pick(random, other), ' ')
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
        tokens.splice(at, 0, ...pick(random, asides))
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

/** Puts other blanks and comments between the tokens of a text, which mean the same to an engine. */
export function disguise(text: string, random: Random): string {
  return tokensOf(text)
    .map((part) => (/^ +$/.test(part) && random() < 0.2 ? pick(random, blanks) : part))
    .join('')
}

const blanks: readonly string[] = [
  '/**/',
  ' /* email */ ',
  ' -- secrets\n',
  '\n',
  '\t',
  '\r\n',
  '\f',
  '\v',
  '\u00a0',
  '\u2003',
  '\u3000',
  '\u200b',
  ' /* /* x */ */ ',
  ' # x\n',
  ' --x\n',
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
