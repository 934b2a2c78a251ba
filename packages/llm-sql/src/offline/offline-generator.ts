import { OptionInvalidError } from '../errors/errors.ts'
import { followUp } from '../conversation/follow-up.ts'
import type { Draft, DraftRequest, SqlGenerator } from '../generator/generator.ts'
import { link } from '../steps/link.ts'
import { resolveEntities } from '../steps/resolve.ts'
import { describeQuery } from './query/describe.ts'
import { interpret } from './interpret.ts'
import { printQuery } from './query/print.ts'

/** Earlier questions that one is read after. */
const maxTurns = 8

/** A question as it stands after those before it; `undefined` when it is not clear what it says of them. */
function readFollowed({
  question,
  earlier = [],
  metadata,
  today,
}: DraftRequest):
  | { readonly question: DraftRequest['question']; readonly isFollowing: boolean }
  | undefined {
  const options = { metadata, catalogSource: { name: 'database', priority: 999 }, today }
  const read = (text: string): DraftRequest['question'] =>
    resolveEntities(link(text, question.catalog), options)
  let before: string | undefined
  for (const turn of earlier.slice(-maxTurns)) {
    const followed = followUp(read(turn.question), before, read)
    before = followed.kind === 'follows' ? followed.text : turn.question
  }
  const now = followUp(question, before, read)
  if (now.kind === 'unclear') return undefined
  return now.kind === 'follows'
    ? { question: read(now.text), isFollowing: true }
    : { question, isFollowing: false }
}

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
 * not answer: it asks. A question that changes the one before it ("and last month?", "only in
 * Porto", "per store instead", "how many of them are paid?") is read together with that.
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
    draft: async (request, signal): Promise<Draft> => {
      signal.throwIfAborted()
      const followed = readFollowed(request)
      if (followed === undefined)
        return { kind: 'cannot', ask: 'What of the question before is meant?', choices: [] }
      const { question, isFollowing } = followed
      const read = interpret(question)
      if (read.kind === 'problem') return { kind: 'cannot', ...read.problem }
      const { query, tree, confidence } = read
      const said = describeQuery(query)
      const explanation = isFollowing ? `Read as "${question.question}". ${said}` : said
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
