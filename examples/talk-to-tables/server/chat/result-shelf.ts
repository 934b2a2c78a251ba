import { randomUUID } from 'node:crypto'
import type { AnsweredAnswer } from '@t2t/llm-sql'

/** The columns and rows of an answer. */
export type Result = Pick<AnsweredAnswer, 'columns' | 'rows' | 'isTruncated'>

/** Keeps the rows of answers for a while, so that they can be read page by page and downloaded. */
export interface ResultShelf {
  /** Puts a result there for its owner, and gives its id. */
  put(owner: string, result: Result): string
  /** `undefined` when it is not there any more, or not theirs. */
  get(owner: string, id: string): Result | undefined
}

export interface ResultShelfOptions {
  /** @defaultValue 64 MiB */
  readonly maxBytes?: number | undefined
  /** @defaultValue ten minutes */
  readonly keepMs?: number | undefined
  /** @defaultValue the clock of the system */
  readonly now?: (() => number) | undefined
}

interface Kept {
  readonly owner: string
  readonly result: Result
  readonly bytes: number
  readonly until: number
}

/** Results are forgotten when their time is over, and the oldest ones when there is no room. */
export function createResultShelf({
  maxBytes = 67_108_864,
  keepMs = 600_000,
  now = Date.now,
}: ResultShelfOptions = {}): ResultShelf {
  const kept = new Map<string, Kept>()
  let used = 0
  const forget = (id: string): void => {
    used -= kept.get(id)?.bytes ?? 0
    kept.delete(id)
  }
  return {
    put(owner, result) {
      const id = `res_${randomUUID()}`
      const bytes = sizeOf(result)
      kept.set(id, { owner, result, bytes, until: now() + keepMs })
      used += bytes
      for (const [oldest, { until }] of kept) {
        if (used <= maxBytes && until > now()) break
        forget(oldest)
      }
      return id
    },
    get(owner, id) {
      const found = kept.get(id)
      if (found === undefined || found.owner !== owner) return undefined
      if (found.until > now()) return found.result
      forget(id)
      return undefined
    },
  }
}

/** About what a result takes in memory: two bytes for a character, eight for anything else. */
function sizeOf({ rows }: Result): number {
  let bytes = 0
  for (const row of rows) {
    for (const cell of row) bytes += typeof cell === 'string' ? 16 + cell.length * 2 : 8
  }
  return bytes
}
