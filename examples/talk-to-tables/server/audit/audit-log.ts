import { closeSync, existsSync, openSync, readFileSync, rmSync, writeSync } from 'node:fs'
import { open, readFile, truncate, type FileHandle } from 'node:fs/promises'
import { firstPrevious, hashOf, type AuditEntry } from './record.ts'
import { lastRecord } from './verify.ts'

export interface AuditLogOptions {
  readonly path: string
  /** With it, nobody who can write the file can make a chain that holds. */
  readonly key?: string | undefined
  /** @defaultValue the clock of the system */
  readonly now?: (() => Date) | undefined
}

/** A file that only grows, in which every line vouches for those before. */
export interface AuditLog {
  /** Resolves when the line is on the disk. Lines are written in the order of the calls. */
  append(entry: AuditEntry): Promise<void>
  close(): Promise<void>
}

/**
 * Opens the log, whose chain must hold at its end.
 *
 * @throws `Error` when another process writes it, or its last line does not hold.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { path, key, now = () => new Date() } = options
  const unlock = lock(`${path}.lock`)
  let file: FileHandle
  let { sequence, hash: previous } = { sequence: 0, hash: firstPrevious }
  try {
    await dropTornLine(path)
    const last = await lastRecord(path, key)
    if (last !== undefined) ({ sequence, hash: previous } = last)
    file = await open(path, 'a', 0o600)
  } catch (error) {
    unlock()
    throw error
  }
  let writing = Promise.resolve()
  return {
    append(entry) {
      const written = writing.then(async () => {
        const record = { sequence: sequence + 1, time: now().toISOString(), ...entry, previous }
        const hash = hashOf(record, key)
        await file.appendFile(`${JSON.stringify({ ...record, hash })}\n`)
        await file.datasync()
        sequence += 1
        previous = hash
      })
      writing = written.catch(() => undefined)
      return written
    },
    async close() {
      await writing
      await file.close()
      unlock()
    },
  }
}

/** A line that was being written when the process ended was never acknowledged. */
async function dropTornLine(path: string): Promise<void> {
  if (!existsSync(path)) return
  const text = await readFile(path)
  const end = text.lastIndexOf(0x0a) + 1
  if (end < text.length) await truncate(path, end)
}

/** One process writes a file: two would fork the chain. */
function lock(path: string): () => void {
  for (const isRetry of [false, true]) {
    try {
      const handle = openSync(path, 'wx', 0o600)
      writeSync(handle, String(process.pid))
      closeSync(handle)
      return () => rmSync(path, { force: true })
    } catch (error) {
      const isHeld = error instanceof Error && 'code' in error && error.code === 'EEXIST'
      if (!isHeld) throw error
      if (isRetry || isAlive(Number(readFileSync(path, 'utf8')))) break
      rmSync(path, { force: true })
    }
  }
  throw new Error(`The audit log is written by another process; ${path} names it.`)
}

function isAlive(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0 || pid === process.pid) return false
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM'
  }
}
