import type { SourcedMetadata } from '../assistant/assistant.ts'
import { readExpression } from '../metadata/expression.ts'
import { expressionTermsOf, valueTermsOf } from '../metadata/terms.ts'
import { tokenise, textOf, type Token } from '../question/tokens.ts'
import { findQualified } from '../schema/find.ts'
import type { LinkedQuestion } from '../steps/link.ts'
import type { MeasureMention, ValueMention } from './mention.ts'

/** Finds the terms of metadata in a question; runs may overlap. */
export function findTerms(
  { question, tokens, catalog }: LinkedQuestion,
  metadata: readonly SourcedMetadata[],
): readonly (ValueMention | MeasureMention)[] {
  const found: (ValueMention | MeasureMention)[] = []
  for (const { term, column, value, source } of valueTermsOf(metadata)) {
    const stored = findQualified(catalog, column)
    if (stored === undefined) continue
    for (const { from, to } of runsOf(term, tokens, (token) => token.text.toLowerCase())) {
      found.push({
        kind: 'value',
        from,
        to,
        term: textOf(question, tokens, from, to),
        text: String(value),
        values: [{ ...stored, value }],
        isAlias: true,
        source,
        confidence: 1,
      })
    }
  }
  for (const { term, expression, source } of expressionTermsOf(metadata)) {
    const use = readExpression(expression, catalog)
    if (use === undefined) continue
    for (const { from, to } of runsOf(term, tokens, (token) => token.stem)) {
      const shown = textOf(question, tokens, from, to)
      found.push({
        kind: 'measure',
        from,
        to,
        term: shown,
        expression,
        ...use,
        source,
        confidence: 1,
      })
    }
  }
  return found
}

function runsOf(
  term: string,
  tokens: readonly Token[],
  keyOf: (token: Token) => string,
): readonly { readonly from: number; readonly to: number }[] {
  const wanted = tokenise(term).map(keyOf)
  const words = tokens.map(keyOf)
  const runs: { from: number; to: number }[] = []
  for (let from = 0; wanted.length > 0 && from + wanted.length <= words.length; from++) {
    if (wanted.every((word, offset) => words[from + offset] === word))
      runs.push({ from, to: from + wanted.length })
  }
  return runs
}
