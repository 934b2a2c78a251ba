import { isDatabaseError } from '../errors/errors.ts'
import type { QueryOutcome } from './database.ts'
import type { QueryFinishedEvent } from './events.ts'

/** What a `query-finished` event says about how a call ended. */
export type Ending = Pick<QueryFinishedEvent, 'outcome' | 'rows' | 'isTruncated' | 'code'>

/** How a call ended that gave an outcome. */
export function endingOf(outcome: QueryOutcome): Ending {
  if (outcome.kind === 'refused') {
    const code = outcome.verdict.findings[0]?.code
    return { outcome: 'refused', rows: 0, isTruncated: false, code }
  }
  const { rows, truncated, cutCells } = outcome.result
  return {
    outcome: 'rows',
    rows: rows.length,
    isTruncated: truncated !== undefined || cutCells !== undefined,
  }
}

/** How a call ended that threw. */
export function failureOf(error: unknown, signal: AbortSignal | undefined): Ending {
  const none = { rows: 0, isTruncated: false }
  if (signal?.aborted === true && error === signal.reason) return { ...none, outcome: 'aborted' }
  return { ...none, outcome: 'failed', code: isDatabaseError(error) ? error.code : 'unknown' }
}
