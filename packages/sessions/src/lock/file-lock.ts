import { DatabaseSync } from 'node:sqlite'
import { setTimeout as sleep } from 'node:timers/promises'

/** Lets one piece of work at a time run, among all processes that use one file. */
export interface FileLock {
  /** Runs work when everybody else is done; rejects when that takes too long. */
  run<Value>(work: () => Promise<Value>): Promise<Value>
  /** Waits for the work that was begun, and lets go of the file. */
  close(): Promise<void>
}

/** Longest pause between two attempts to get the lock, in milliseconds. */
const longestPauseMs = 16

/**
 * Creates a lock on a file.
 *
 * It is the lock that SQLite takes on an empty database: the operating system holds it for the
 * process and lets go of it when the process ends, however it ends. No lock can grow stale, so
 * none is ever taken away from somebody who only was slow. The file must stay where it is, on a
 * file system of this machine.
 */
export function createFileLock(path: string, waitMs: number): FileLock {
  let database: DatabaseSync | undefined
  let last: Promise<unknown> = Promise.resolve()

  async function acquire(): Promise<DatabaseSync> {
    database ??= new DatabaseSync(path)
    const deadline = performance.now() + waitMs
    for (let pauseMs = 1; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
      try {
        database.exec('BEGIN EXCLUSIVE')
        return database
      } catch (error) {
        if (!isBusy(error) || performance.now() >= deadline) throw error
      }
      // Not the same pause for everybody, or they all come back at once.
      await sleep(pauseMs * (0.5 + Math.random() / 2))
    }
  }

  return {
    run(work) {
      const turn = last.then(async () => {
        const held = await acquire()
        try {
          return await work()
        } finally {
          held.exec('ROLLBACK')
        }
      })
      last = turn.catch(() => undefined)
      return turn
    },
    async close() {
      await last
      database?.close()
      database = undefined
    },
  }
}

const sqliteBusy = 5

function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === sqliteBusy
}
