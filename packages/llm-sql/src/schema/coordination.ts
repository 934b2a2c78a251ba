import type { Token } from '../question/tokens.ts'
import type { SchemaMatch } from './match.ts'

/** Furthest word that a shared head may stand away. */
const reach = 5

/**
 * Finds words that share their head with a later one: "first and last names" speaks of first
 * names too.
 */
export function matchShared(
  tokens: readonly Token[],
  matchPair: (pair: readonly Token[]) => SchemaMatch['candidates'],
): readonly SchemaMatch[] {
  return tokens.flatMap((token, from): SchemaMatch[] => {
    const next = tokens[from + 1]
    const isListed = next?.kind === 'comma' || next?.stem === 'and' || next?.stem === 'or'
    if (token.kind !== 'word' || !isListed) return []
    for (const head of tokens.slice(from + 3, from + 2 + reach)) {
      if (head.kind !== 'word') continue
      const candidates = matchPair([token, head])
      if ((candidates[0]?.strength ?? 0) >= 0.95) return [{ from, to: from + 1, candidates }]
    }
    return []
  })
}
