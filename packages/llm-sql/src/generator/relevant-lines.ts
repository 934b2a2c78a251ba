import { tokenise } from '../question/tokens.ts'

/** Characters of definitions that a prompt holds. */
const maxCharacters = 16_000

/**
 * Leaves lines as they are when there is room for all; else those that share a word with the
 * question come first, as many as fit, in their order.
 */
export function relevantLines(lines: readonly string[], question: string): readonly string[] {
  const size = lines.reduce((sum, line) => sum + line.length + 1, 0)
  if (size <= maxCharacters) return lines
  const asked = new Set(
    tokenise(question).flatMap(({ kind, stem }) =>
      kind === 'comma' || stem.length < 3 ? [] : [stem],
    ),
  )
  const isAsked = (line: string): boolean =>
    tokenise(line.replaceAll('"', ' ')).some(({ stem }) => asked.has(stem))
  const chosen = new Set<string>()
  let left = maxCharacters
  for (const line of [...lines.filter(isAsked), ...lines]) {
    if (chosen.has(line)) continue
    left -= line.length + 1
    if (left < 0) break
    chosen.add(line)
  }
  return lines.filter((line) => chosen.has(line))
}
