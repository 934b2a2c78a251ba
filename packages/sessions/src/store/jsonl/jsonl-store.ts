import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { type Clock, systemClock, timestamp, timestampAfter } from '../../clock/clock.ts'
import {
  InputInvalidError,
  isSessionsError,
  SessionNotFoundError,
  StoreClosedError,
  StoreFailedError,
} from '../../errors/errors.ts'
import {
  checkKey,
  checkLimit,
  checkMessage,
  checkMoment,
  checkName,
  checkSequence,
  checkSession,
  checkToolExecution,
} from '../../input/input.ts'
import type { Message } from '../../message/message.ts'
import { sessionPage } from '../../session/session-page.ts'
import type { SessionKey } from '../../session/session.ts'
import { statisticsOf } from '../../statistics/statistics.ts'
import type { ToolExecution } from '../../tool-execution/tool-execution.ts'
import type { RecordQuery, SessionStore, SessionStoreOptions } from '../store.ts'
import { deleteSession, JsonlFolder } from './jsonl-folder.ts'
import { type EntryLine, withoutType } from './line.ts'
import {
  appendLine,
  entriesFromEnd,
  openSession,
  readTail,
  replaceFile,
  sessionOf,
  syncFolder,
  type Tail,
} from './session-file.ts'

/** Options for {@link jsonlStore}. */
export interface JsonlStoreOptions extends SessionStoreOptions {
  /** Where the files go; made when it is not there. On a file system of this machine. */
  readonly folder: string
  /**
   * How long to wait for other processes that use the folder, in milliseconds, from 0 up.
   * @defaultValue 10_000
   */
  readonly lockTimeoutMs?: number | undefined
}

type File = NonNullable<Awaited<ReturnType<typeof openSession>>>

/**
 * Creates a store that keeps each conversation in a file of JSON lines.
 *
 * What is added is on the disk before the call resolves, as a whole line or not at all. Several
 * processes may share a folder. A line that was torn when a process was killed is overwritten by
 * the next one. Clearing and deleting take the text off the disk.
 *
 * @throws `InputInvalidError` at once, when `folder` is empty or `lockTimeoutMs` is below 0.
 *
 * @example
 * ```ts
 * import { jsonlStore } from '@t2t/sessions/jsonl'
 *
 * const store = jsonlStore({ folder: 'conversations' })
 * const { id } = await store.sessions.create({ owner: 'user-7', title: 'Sales' })
 * await store.messages.append({ owner: 'user-7', id }, { role: 'user', content: 'How many?' })
 * ```
 */
export function jsonlStore(options: JsonlStoreOptions): SessionStore {
  const {
    folder: path,
    lockTimeoutMs = 10_000,
    clock = systemClock,
    createId = randomUUID,
  } = options
  if (path === '') throw new InputInvalidError('folder', 'folder must be the path of a folder.')
  if (!(lockTimeoutMs >= 0)) {
    throw new InputInvalidError(
      'lockTimeoutMs',
      `lockTimeoutMs must be from 0 up, got ${lockTimeoutMs}.`,
    )
  }
  const folder = new JsonlFolder(path, lockTimeoutMs)
  let closing: Promise<void> | undefined

  async function attempt<Value>(work: () => Promise<Value>): Promise<Value> {
    if (closing !== undefined) throw new StoreClosedError()
    try {
      return await work()
    } catch (error) {
      if (isSessionsError(error)) throw error
      throw new StoreFailedError({ cause: error, what: 'files' })
    }
  }
  /** Opens a session while nobody else does anything with it. */
  function withSession<Value>(
    key: SessionKey,
    mode: 'r' | 'r+',
    work: (file: File, path: string) => Promise<Value>,
  ): Promise<Value> {
    const checked = checkKey(key)
    return folder.withPerson(checked.owner, async () => {
      const place = folder.pathOf(checked)
      await using file = await openSession(place, mode)
      if (file === undefined) throw new SessionNotFoundError()
      return await work(file, place)
    })
  }
  /** Adds what `entry` makes of the next place in a session. */
  function append<Entry extends EntryLine>(
    key: SessionKey,
    entry: (place: Place) => Entry,
  ): Promise<Omit<Entry, 'type'>> {
    return withSession(key, 'r+', async (file) => {
      const tail = await readTail(file)
      const line = entry(placeAfter(tail, clock))
      await appendLine(file, tail.end, line)
      return withoutType(line)
    })
  }

  return {
    sessions: {
      create: (input) =>
        attempt(() => {
          const { owner, title } = checkSession(input)
          return folder.withPerson(owner, async () => {
            const id = createId()
            const createdAt = timestamp(clock)
            await folder.makeRoom(owner)
            const header = { type: 'session', version: 1, id, owner, title, createdAt } as const
            await replaceFile(folder.pathOf({ owner, id }), [header])
            return { id, owner, title, createdAt, updatedAt: createdAt }
          })
        }),
      get: (key) =>
        attempt(() =>
          withSession(key, 'r', async (file) => sessionOf(await readTail(file))).catch(
            (error: unknown) => {
              if (error instanceof SessionNotFoundError) return undefined
              throw error
            },
          ),
        ),
      list: ({ owner, limit = 50, after }) =>
        attempt(async () => {
          checkName('owner', owner)
          checkLimit(limit)
          sessionPage([], limit, after)
          const tails = await folder.withPerson(owner, () => folder.tailsOf(owner))
          return sessionPage(tails.map(sessionOf), limit, after)
        }),
      delete: (key) =>
        attempt(() => {
          const checked = checkKey(key)
          return folder.withPerson(checked.owner, async () => {
            const place = folder.pathOf(checked)
            const file = await openSession(place, 'r')
            if (file === undefined) return false
            await file.close()
            await deleteSession(place)
            await syncFolder(dirname(place))
            return true
          })
        }),
      statistics: (key) =>
        attempt(() =>
          withSession(key, 'r', async (file) => {
            const messages = await entriesOf(file, 'message', Infinity, Infinity)
            const executions = await entriesOf(file, 'tool-execution', Infinity, Infinity)
            return statisticsOf(messages, executions)
          }),
        ),
    },
    messages: {
      append: (key, input) =>
        attempt(() => {
          const message = checkMessage(input)
          return append(key, (place) => ({ type: 'message', ...place, ...message }))
        }),
      list: (key, query) =>
        attempt(() => {
          const { limit, before } = readQuery(query)
          return withSession(key, 'r', (file) => entriesOf(file, 'message', limit, before))
        }),
      clear: (key) =>
        attempt(() =>
          withSession(key, 'r', async (file, place) => {
            const tail = await readTail(file)
            const cleared = { type: 'cleared', ...placeAfter(tail, clock) } as const
            await replaceFile(place, [tail.header, cleared])
          }),
        ),
    },
    toolExecutions: {
      append: (key, input) =>
        attempt(() => {
          const execution = checkToolExecution(input)
          return append(key, (place) => ({ type: 'tool-execution', ...place, ...execution }))
        }),
      list: (key, query) =>
        attempt(() => {
          const { limit, before } = readQuery(query)
          return withSession(key, 'r', (file) => entriesOf(file, 'tool-execution', limit, before))
        }),
    },
    upkeep: {
      deleteOwner: (owner) =>
        attempt(() => {
          checkName('owner', owner)
          return folder.withPerson(owner, () => folder.deletePerson(owner))
        }),
      deleteInactive: (since) =>
        attempt(() => {
          const moment = checkMoment(since)
          return folder.count(({ updatedAt }) => updatedAt < moment, { isDeleting: true })
        }),
      countActive: (since) =>
        attempt(() => {
          const moment = checkMoment(since)
          return folder.count(({ updatedAt }) => updatedAt >= moment, { isDeleting: false })
        }),
    },
    close: () => (closing ??= folder.close()),
  }
}

interface Place {
  readonly sequence: number
  readonly createdAt: string
}

function placeAfter({ sequence, updatedAt }: Tail, clock: Clock): Place {
  return { sequence: sequence + 1, createdAt: timestampAfter(updatedAt, clock) }
}

function readQuery(query: RecordQuery = {}): { readonly limit: number; readonly before: number } {
  return {
    limit: checkLimit(query.limit ?? 100),
    before: query.before === undefined ? Infinity : checkSequence(query.before),
  }
}

/** The lines of one kind each. */
interface Entries {
  readonly message: { readonly type: 'message' } & Message
  readonly 'tool-execution': { readonly type: 'tool-execution' } & ToolExecution
}

function isEntry<Type extends keyof Entries>(
  line: { readonly type: string },
  type: Type,
): line is Entries[Type] {
  return line.type === type
}

/** Gives the latest entries of one kind before a place, in order. */
async function entriesOf<Type extends keyof Entries>(
  file: File,
  type: Type,
  limit: number,
  before: number,
): Promise<readonly Omit<Entries[Type], 'type'>[]> {
  const found: Omit<Entries[Type], 'type'>[] = []
  for await (const { line } of entriesFromEnd(file)) {
    if (isEntry(line, type) && line.sequence < before) found.push(withoutType(line))
    if (found.length >= limit) break
  }
  return found.toReversed()
}
