import { refuse } from '../../refusal.ts'
import { shownOf } from './cursor.ts'
import type { PortableEngine, Token } from './tokens.ts'

/** Tokens of one statement; the parser's time grows with them. */
const maxTokens = 2_500

/** Brackets inside brackets that are no calls: with more, one of the parser's grammars takes exponential time. */
const maxBrackets: Readonly<Record<PortableEngine, number>> = { postgres: 5, sqlite: 24, mysql: 24 }

/** Words that end the tables of a query. */
const afterFrom = new Set([
  'WHERE',
  'GROUP',
  'HAVING',
  'ORDER',
  'LIMIT',
  'UNION',
  'INTERSECT',
  'EXCEPT',
  'WINDOW',
])

/**
 * The text that the parser gets: without comments, with numbers in place of quoted names and strings,
 * and with the tables of each query in a row, since it loses brackets, commas and words among them.
 */
export function givenText(tokens: readonly Token[], engine: PortableEngine): string {
  const [first] = tokens
  const span = { start: first?.start ?? 0, end: tokens.at(-1)?.end ?? 0 }
  if (tokens.length > maxTokens) {
    refuse('limit-exceeded', `The portable dialect reads ${maxTokens} tokens at the most.`, span)
  }
  const parts: string[] = []
  const levels: { isTables: boolean; isDropped: boolean; isCall: boolean }[] = [
    { isTables: false, isDropped: false, isCall: false },
  ]
  const isWord = (index: number, text: string): boolean => {
    const token = tokens[index]
    return token?.kind === 'word' && token.text.toUpperCase() === text
  }
  for (const [index, token] of tokens.entries()) {
    const level = levels.at(-1)
    if (level === undefined) break
    const text = token.kind === 'word' ? token.text.toUpperCase() : token.text
    if (token.kind === 'symbol' && text === '(') {
      const before = tokens[index - 1]
      const isGroup =
        level.isTables &&
        (isWord(index - 1, 'FROM') ||
          isWord(index - 1, 'JOIN') ||
          before?.text === ',' ||
          (before?.text === '(' && level.isDropped)) &&
        !opensQuery(tokens, index)
      const isCall = before?.kind === 'word' && !isGroup && !opensQuery(tokens, index)
      levels.push({ isTables: isGroup, isDropped: isGroup, isCall })
      if (levels.filter((each) => !each.isCall).length > maxBrackets[engine]) {
        refuse(
          'limit-exceeded',
          'The portable dialect does not read so many brackets inside each other.',
          {
            start: token.start,
            end: token.end,
          },
        )
      }
      if (!isGroup) parts.push('(')
      continue
    }
    if (token.kind === 'symbol' && text === ')') {
      levels.pop()
      if (!level.isDropped) parts.push(')')
      continue
    }
    if (token.kind === 'word') {
      if (text === 'FROM' && !level.isCall && !isWord(index - 1, 'DISTINCT')) level.isTables = true
      if (afterFrom.has(text)) level.isTables = false
      if (text === 'NATURAL' || text === 'CROSS') {
        if (!level.isTables) refuse('syntax-invalid', 'A join stands outside of FROM.', span)
        continue
      }
    }
    const isComma = token.kind === 'symbol' && text === ',' && level.isTables
    const shown = shownOf(token, index)
    parts.push(isComma ? 'JOIN' : token.kind === 'string' ? `'${shown}'` : shown)
  }
  return parts.join(' ').replaceAll(' . ', '.')
}

function opensQuery(tokens: readonly Token[], index: number): boolean {
  const token = tokens[index + 1]
  return token?.kind === 'word' && /^(select|with)$/i.test(token.text)
}
