import { createHash } from 'node:crypto'
import { mkdir, readdir, rm, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { createFileLock, type FileLock } from '../../lock/file-lock.ts'
import type { SessionKey } from '../../session/session.ts'
import {
  isMissing,
  openSession,
  readTail,
  syncFolder,
  type Tail,
  unfinished,
} from './session-file.ts'

const ending = '.jsonl'

/**
 * Where sessions are: one folder for each person, one file for each session, both named by a hash,
 * so that no id can lead anywhere else. Sixteen locks, which stay for ever, are shared by all.
 */
export class JsonlFolder {
  readonly #people: string
  readonly #locks: string
  readonly #waitMs: number
  readonly #held = new Map<string, FileLock>()
  #ready: Promise<unknown> | undefined

  constructor(path: string, waitMs: number) {
    this.#people = join(path, 'people')
    this.#locks = join(path, 'locks')
    this.#waitMs = waitMs
  }

  pathOf({ owner, id }: SessionKey): string {
    return join(this.#people, hashOf(owner), `${hashOf(id)}${ending}`)
  }

  /** Runs work while nobody else, in any process, does anything with this person's sessions. */
  withPerson<Value>(owner: string, work: () => Promise<Value>): Promise<Value> {
    return this.#withFolder(hashOf(owner), work)
  }

  /** Makes sure that there is a folder for a person. */
  async makeRoom(owner: string): Promise<void> {
    const made = await mkdir(join(this.#people, hashOf(owner)), { recursive: true, mode: 0o700 })
    if (made !== undefined) await syncFolder(this.#people)
  }

  /** Reads what is at the end of each of a person's sessions. */
  async tailsOf(owner: string): Promise<readonly Tail[]> {
    return (await this.#read(hashOf(owner))).map(({ tail }) => tail)
  }

  /** Deletes a person's sessions; gives their number. */
  async deletePerson(owner: string): Promise<number> {
    const folder = join(this.#people, hashOf(owner))
    const count = (await namesIn(folder)).filter((name) => name.endsWith(ending)).length
    await rm(folder, { recursive: true, force: true })
    if (count > 0) await syncFolder(this.#people)
    return count
  }

  /** Counts the sessions of all people that meet a condition, and deletes them when asked to. */
  async count(
    isMeant: (tail: Tail) => boolean,
    options: { readonly isDeleting: boolean },
  ): Promise<number> {
    let total = 0
    for (const folder of await namesIn(this.#people)) {
      total += await this.#withFolder(folder, async () => {
        if (options.isDeleting) await this.#deleteUnfinished(folder)
        const sessions = await this.#read(folder)
        const meant = sessions.filter(({ tail }) => isMeant(tail))
        if (!options.isDeleting || meant.length === 0) return meant.length
        for (const { path } of meant) await deleteSession(path)
        await syncFolder(join(this.#people, folder))
        if (meant.length === sessions.length) await removeEmpty(join(this.#people, folder))
        return meant.length
      })
    }
    return total
  }

  async close(): Promise<void> {
    for (const lock of this.#held.values()) await lock.close()
    this.#held.clear()
  }

  async #withFolder<Value>(folder: string, work: () => Promise<Value>): Promise<Value> {
    // A failure is not remembered: the disk may be full now and not later.
    this.#ready ??= mkdir(this.#locks, { recursive: true, mode: 0o700 }).catch((error: unknown) => {
      this.#ready = undefined
      throw error
    })
    await this.#ready
    const stripe = folder.slice(0, 1)
    let lock = this.#held.get(stripe)
    if (lock === undefined) {
      lock = createFileLock(join(this.#locks, `${stripe}.lock`), this.#waitMs)
      this.#held.set(stripe, lock)
    }
    return lock.run(work)
  }

  /** Deletes what processes left that died while they wrote: nobody writes now. */
  async #deleteUnfinished(folder: string): Promise<void> {
    for (const name of await namesIn(join(this.#people, folder)))
      if (name.endsWith(`${ending}${unfinished}`)) await rm(join(this.#people, folder, name))
  }

  async #read(folder: string): Promise<readonly { readonly path: string; readonly tail: Tail }[]> {
    const found = []
    for (const name of await namesIn(join(this.#people, folder))) {
      if (!name.endsWith(ending)) continue
      const path = join(this.#people, folder, name)
      await using file = await openSession(path, 'r')
      if (file !== undefined) found.push({ path, tail: await readTail(file) })
    }
    return found
  }
}

function hashOf(name: string): string {
  return createHash('sha256').update(name).digest('hex')
}

/** Deletes a session, and what a process left of it that died while it wrote. */
export async function deleteSession(path: string): Promise<void> {
  await rm(`${path}${unfinished}`, { force: true })
  await rm(path, { force: true })
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder)
  } catch (error) {
    if (isMissing(error)) return []
    throw error
  }
}

async function removeEmpty(folder: string): Promise<void> {
  await rmdir(folder).catch(() => undefined)
}
