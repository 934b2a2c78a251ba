import { chmodSync } from 'node:fs'
import { open, type FileHandle } from 'node:fs/promises'
import { createFileTurns } from './file-turns.ts'
import { firstPrevious, hashOf, type AuditEntry } from './record.ts'
import { followsFrom, type Place } from './verify.ts'

export interface AuditLogOptions {
  readonly path: string
  /** With it, nobody who can write the file can make a chain that holds. */
  readonly key?: string | undefined
  /** @defaultValue the clock of the system */
  readonly now?: (() => Date) | undefined
}

/** A file that only grows, in which every line vouches for those before. */
export interface AuditLog {
  /**
   * Resolves when the line is on the disk. Lines are written in the order of the calls.
   *
   * @throws `Error` when the file was changed by something that is not an audit log.
   */
  append(entry: AuditEntry): Promise<void>
  close(): Promise<void>
}

interface Waiting {
  readonly entry: AuditEntry
  readonly time: string
  readonly done: PromiseWithResolvers<void>
}

/** Lines that go to the disk together. */
const maxLines = 256

/**
 * Opens the log, whose chain must hold. Several processes may write one file: each continues what
 * the others wrote, after it has checked it.
 *
 * @throws `Error` when a line does not hold.
 */
export async function openAuditLog(options: AuditLogOptions): Promise<AuditLog> {
  const { path, key, now = () => new Date() } = options
  const turns = createFileTurns(`${path}.turns`)
  let file: FileHandle | undefined
  let end: Place = { line: 0, hash: firstPrevious, bytes: 0 }
  try {
    file = await open(path, 'a+', 0o600)
    chmodSync(`${path}.turns`, 0o600)
    const here = file
    await turns.take(() => catchUp(here))
  } catch (error) {
    await file?.close()
    turns.close()
    throw error
  }
  const opened = file

  /** Checks what was written since, by whomever, and takes away what a dead process left torn. */
  async function catchUp(log: FileHandle): Promise<void> {
    const { size } = await log.stat()
    if (size === end.bytes) return
    if (size < end.bytes) throw new Error('Lines of the audit log were cut off.')
    const read = await followsFrom(end, { path, key })
    if ('problem' in read)
      throw new Error(`Line ${read.line} of the audit log ${read.problem}; move it away first.`)
    if (read.bytes < size) await log.truncate(read.bytes)
    end = read
  }

  const write = (entries: readonly Waiting[]): Promise<void> =>
    turns.take(async () => {
      await catchUp(opened)
      let { line, hash } = end
      let text = ''
      for (const { entry, time } of entries) {
        line += 1
        const record = { sequence: line, time, ...entry, previous: hash }
        hash = hashOf(record, key)
        text += `${JSON.stringify({ ...record, hash })}\n`
      }
      await opened.appendFile(text)
      await opened.datasync()
      end = { line, hash, bytes: end.bytes + Buffer.byteLength(text) }
    })

  const waiting: Waiting[] = []
  let writing: Promise<void> | undefined
  const writeAll = async (): Promise<void> => {
    while (waiting.length > 0) {
      const entries = waiting.splice(0, maxLines)
      try {
        await write(entries)
        for (const { done } of entries) done.resolve()
      } catch (error) {
        for (const { done } of entries) done.reject(error)
      }
    }
    writing = undefined
  }
  return {
    append(entry) {
      const done = Promise.withResolvers<void>()
      waiting.push({ entry, time: now().toISOString(), done })
      writing ??= writeAll()
      return done.promise
    },
    async close() {
      await writing
      await opened.close()
      turns.close()
    },
  }
}
