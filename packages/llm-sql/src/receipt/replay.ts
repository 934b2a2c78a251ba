import type { Answer } from '../assistant/answer.ts'
import type { AskOptions } from '../assistant/assistant.ts'
import { createSqlAssistant, type SqlAssistantOptions } from '../assistant/create-sql-assistant.ts'
import type { Receipt } from './receipt.ts'

/** Why an answer is another one than before. */
export type ChangeCause = 'data' | 'schema' | 'policy' | 'definition' | 'model' | 'day'

/** A question asked once more, and compared. */
export interface Replay {
  /** Whether the rows are the same, in whatever order. */
  readonly isSame: boolean
  /** Empty when the rows are the same, and when there are none: `answer` then says why. */
  readonly causes: readonly ChangeCause[]
  readonly answer: Answer
}

/**
 * Asks the question of a receipt once more, and says why the rows changed.
 *
 * Where the statement is the same, the data changed. Where the guard wrote another text, the policy
 * or the schema did. Where the draft is another one, it names everything that went into the draft
 * and changed, and the model when nothing else did; the statement of the receipt is then checked
 * and run as well, to see whether the data changed too. A question that followed others needs the
 * same `conversation`.
 *
 * @throws The reason of the signal, when it aborts.
 *
 * @example
 * ```ts
 * import { replay, type Receipt, type SqlAssistantOptions } from '@t2t/llm-sql'
 *
 * declare const receipt: Receipt // of an earlier answer
 * declare const options: SqlAssistantOptions // as for that answer
 *
 * const { isSame, causes } = await replay(receipt, options)
 * if (!isSame) console.log(`The number changed because of: ${causes.join(', ')}.`)
 * ```
 */
export async function replay(
  receipt: Receipt,
  options: SqlAssistantOptions,
  asking: AskOptions = {},
): Promise<Replay> {
  const answer = await createSqlAssistant(options).ask(receipt.question, asking).answer
  const fresh = answer.kind === 'answered' ? answer.receipt : undefined
  if (fresh === undefined) return { isSame: false, causes: [], answer }
  if (fresh.rowsHash === receipt.rowsHash) return { isSame: true, causes: [], answer }
  if (fresh.sql === receipt.sql) return { isSame: false, causes: ['data'], answer }
  const isRedrafted = fresh.draft !== receipt.draft
  const changed = changesBetween(receipt, fresh).filter(
    (cause) => isRedrafted || cause === 'policy' || cause === 'schema',
  )
  const causes: readonly ChangeCause[] = changed.length > 0 ? changed : ['model']
  if (!isRedrafted) return { isSame: false, causes, answer }
  const again = createSqlAssistant({ ...options, secondReading: undefined }).ask(receipt.draft, {
    signal: asking.signal,
  })
  const old = await again.answer
  const isOtherData =
    old.kind === 'answered' && old.sql === receipt.sql && old.receipt?.rowsHash !== receipt.rowsHash
  return { isSame: false, causes: isOtherData ? [...causes, 'data'] : causes, answer }
}

function changesBetween(before: Receipt, after: Receipt): readonly ChangeCause[] {
  const causes: ChangeCause[] = []
  if (before.policyHash !== after.policyHash) causes.push('policy')
  if (before.catalogHash !== after.catalogHash) causes.push('schema')
  if (before.metadataHash !== after.metadataHash) causes.push('definition')
  if (before.today !== after.today) causes.push('day')
  if (before.generator !== after.generator || before.promptVersion !== after.promptVersion)
    causes.push('model')
  return causes
}
