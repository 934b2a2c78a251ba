import { OptionInvalidError } from '../errors/errors.ts'
import type { Draft, SqlGenerator } from '../generator/generator.ts'
import { describeQuery } from './query/describe.ts'
import { interpret } from './interpret.ts'
import { printQuery } from './query/print.ts'

/** Options for {@link offlineGenerator}. */
export interface OfflineGeneratorOptions {
  /**
   * Below this confidence it asks instead of answering. From 0 to 1.
   * @defaultValue 0.6
   */
  readonly minConfidence?: number | undefined
}

/**
 * Creates a generator that reads English questions by rules, without a model.
 *
 * It understands lists, counts, sums, averages, extremes, groups, rankings, comparisons, values,
 * absences and times over tables that foreign keys join. What it cannot explain in full it does
 * not answer: it asks.
 *
 * Its confidence is the share of the weighty words that it used, times the strength of the weakest
 * link to the schema, times one factor for each guess that it took.
 *
 * @throws {@link OptionInvalidError} at once, when `minConfidence` is not between 0 and 1.
 *
 * @example
 * ```ts
 * import { offlineGenerator } from '@t2t/llm-sql/offline'
 *
 * const generator = offlineGenerator({ minConfidence: 0.8 })
 * ```
 */
export function offlineGenerator(options: OfflineGeneratorOptions = {}): SqlGenerator {
  const { minConfidence = 0.6 } = options
  if (!(minConfidence >= 0 && minConfidence <= 1)) {
    throw new OptionInvalidError(
      `minConfidence must be a number from 0 to 1, got ${minConfidence}.`,
    )
  }
  return {
    name: 'offline',
    draft: async ({ question }, signal): Promise<Draft> => {
      signal.throwIfAborted()
      const read = interpret(question)
      if (read.kind === 'problem') return { kind: 'cannot', ...read.problem }
      const { query, tree, confidence } = read
      const explanation = describeQuery(query)
      if (confidence < minConfidence) {
        return { kind: 'cannot', ask: `Is this what is meant? ${explanation}`, choices: [] }
      }
      return {
        kind: 'sql',
        sql: printQuery(query, question.catalog, tree),
        explanation,
        confidence,
      }
    },
  }
}
