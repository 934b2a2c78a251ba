import type { ResolvedQuestion } from './resolve.ts'

/** The share of a question's words, the grammar apart, that were resolved to something known. 0 to 1. */
export function coverageOf({ tokens, mentions }: ResolvedQuestion): number {
  let grammar = 0
  let known = 0
  for (const { kind, from, to } of mentions) {
    if (kind === 'grammar') grammar += to - from
    else known += to - from
  }
  const weighty = tokens.filter(({ kind }) => kind !== 'comma').length - grammar
  return weighty <= 0 ? 0 : known / weighty
}
