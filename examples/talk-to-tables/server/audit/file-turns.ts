import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** Lets one process after the other work on a file. */
export interface FileTurns {
  /** Waits for its turn, works, and lets the next one go on. */
  take<Value>(work: () => Promise<Value>): Promise<Value>
  close(): void
}

const waitMs = 30_000
const longestPauseMs = 16
const sqliteBusy = 5

/**
 * Makes turns of the lock that SQLite takes on an empty file: the operating system lets go of it when
 * its process ends, however that was, and holds it between containers that share a disk.
 */
export function createFileTurns(path: string): FileTurns {
  const lock = new DatabaseSync(path)
  const isTaken = (): boolean => {
    try {
      lock.exec('BEGIN EXCLUSIVE')
      return true
    } catch (error) {
      const isBusy = error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
      if (isBusy) return false
      throw error
    }
  }
  return {
    async take(work) {
      const until = performance.now() + waitMs
      for (let pauseMs = 1; !isTaken(); pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
        if (performance.now() > until) throw new Error('The audit log is held by another process.')
        await sleep(pauseMs * (0.5 + Math.random() / 2))
      }
      try {
        return await work()
      } finally {
        lock.exec('ROLLBACK')
      }
    },
    close: () => lock.close(),
  }
}
