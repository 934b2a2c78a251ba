import { constants } from 'node:fs'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { Session } from '../../session/session.ts'
import { formatLine, parseLine, type EntryLine, type HeaderLine, type SessionLine } from './line.ts'
import { firstLine, linesFromEnd } from './lines.ts'

/** Opens a session's file; absent when there is none. */
export async function openSession(path: string, mode: 'r' | 'r+'): Promise<FileHandle | undefined> {
  try {
    return await open(path, mode)
  } catch (error) {
    if (isMissing(error)) return undefined
    throw error
  }
}

/** Whether an error says that there is no such file or folder. */
export function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT'
}

/** The state of a session's file: its header, and where the next line goes. */
export interface Tail {
  readonly header: HeaderLine
  readonly sequence: number
  readonly updatedAt: string
  /** Where the whole lines end, in bytes; what is after that was torn while it was written. */
  readonly end: number
}

/** Reads the header and the last whole line. */
export async function readTail(file: FileHandle): Promise<Tail> {
  const first = parseLine((await firstLine(file)) ?? '')
  if (first?.type !== 'session') throw new DamagedFileError()
  for await (const { line, end } of entriesFromEnd(file)) {
    if (line.type === 'session')
      return { header: first, sequence: 0, updatedAt: line.createdAt, end }
    return { header: first, sequence: line.sequence, updatedAt: line.createdAt, end }
  }
  throw new DamagedFileError()
}

/**
 * Gives the lines from the last one to the first, each with the place where it ends.
 *
 * A crash of the machine can leave a last line that has its end and not its middle: that one is
 * left out. Any other line that cannot be read is damage.
 */
export async function* entriesFromEnd(
  file: FileHandle,
): AsyncGenerator<{ readonly line: SessionLine; readonly end: number }, undefined> {
  let isLast = true
  for await (const { text, start } of linesFromEnd(file)) {
    const line = parseLine(text)
    if (line !== undefined) yield { line, end: start + Buffer.byteLength(text) + 1 }
    else if (!isLast) throw new DamagedFileError()
    isLast = false
  }
  return undefined
}

/** Gives a session as the store shows it. */
export function sessionOf({ header, updatedAt }: Tail): Session {
  const { id, owner, title, createdAt } = header
  return { id, owner, title, createdAt, updatedAt }
}

/**
 * Adds a line after the last whole one, all of it or nothing, and waits until the disk has it.
 * Whatever was torn before is overwritten.
 */
export async function appendLine(file: FileHandle, end: number, line: EntryLine): Promise<void> {
  const { size } = await file.stat()
  if (size !== end) await file.truncate(end)
  const bytes = Buffer.from(formatLine(line))
  try {
    for (let done = 0; done < bytes.length;) {
      const { bytesWritten } = await file.write(bytes, done, bytes.length - done, end + done)
      done += bytesWritten
    }
    await file.datasync()
  } catch (error) {
    await file.truncate(end).catch(() => undefined)
    throw error
  }
}

/** What the name of a file ends with that is being written. */
export const unfinished = '.new'

/** Puts a file with these lines in the place of another, or where there was none, in one step. */
export async function replaceFile(path: string, lines: readonly SessionLine[]): Promise<void> {
  const beside = `${path}${unfinished}`
  try {
    const file = await open(beside, 'w', 0o600)
    try {
      await file.writeFile(lines.map(formatLine).join(''))
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(beside, path)
  } catch (error) {
    await rm(beside, { force: true })
    throw error
  }
  await syncFolder(dirname(path))
}

/** Waits until the disk knows which files a folder has. */
export async function syncFolder(path: string): Promise<void> {
  // Windows opens no folders, and needs no such step.
  if (process.platform === 'win32') return
  const folder = await open(path, constants.O_RDONLY)
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Thrown when a file is not what this package wrote; its name and content stay out of messages. */
class DamagedFileError extends Error {
  override readonly name = 'DamagedFileError'

  constructor() {
    super('A file of the session store is damaged before its last line.')
  }
}
