import { randomUUID } from 'node:crypto'
import { systemClock, timestamp, timestampAfter } from '../../clock/clock.ts'
import { SessionNotFoundError, StoreClosedError } from '../../errors/errors.ts'
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
import type { Session, SessionKey } from '../../session/session.ts'
import { statisticsOf } from '../../statistics/statistics.ts'
import type { ToolExecution } from '../../tool-execution/tool-execution.ts'
import type { RecordQuery, SessionStore, SessionStoreOptions } from '../store.ts'

interface Kept {
  session: Session
  lastSequence: number
  messages: Message[]
  executions: ToolExecution[]
}

/**
 * Creates a store that keeps conversations in the memory of the process, until it ends.
 *
 * Memory grows with every session: delete old ones with `upkeep.deleteInactive`.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@t2t/sessions'
 *
 * const store = memoryStore()
 * const { id } = await store.sessions.create({ owner: 'user-7', title: 'Sales' })
 * await store.messages.append({ owner: 'user-7', id }, { role: 'user', content: 'How many?' })
 * ```
 */
export function memoryStore(options: SessionStoreOptions = {}): SessionStore {
  const { clock = systemClock, createId = randomUUID } = options
  const kept = new Map<string, Kept>()
  let isClosed = false

  /** Everything is a promise, so that bad input rejects as it does in other stores. */
  async function whenOpen<Value>(work: () => Value): Promise<Value> {
    if (isClosed) throw new StoreClosedError()
    return work()
  }
  function peek(key: SessionKey): Kept | undefined {
    const { owner, id } = checkKey(key)
    const found = kept.get(id)
    return found?.session.owner === owner ? found : undefined
  }
  function find(key: SessionKey): Kept {
    const found = peek(key)
    if (found === undefined) throw new SessionNotFoundError()
    return found
  }
  /** Counts one entry more and gives what every entry has. */
  function advance(found: Kept): { readonly sequence: number; readonly createdAt: string } {
    const createdAt = timestampAfter(found.session.updatedAt, clock)
    found.session = { ...found.session, updatedAt: createdAt }
    return { sequence: ++found.lastSequence, createdAt }
  }
  function deleteWhere(isDoomed: (session: Session) => boolean): number {
    const doomed = [...kept.values()].filter(({ session }) => isDoomed(session))
    for (const { session } of doomed) kept.delete(session.id)
    return doomed.length
  }

  return {
    sessions: {
      create: (input) =>
        whenOpen(() => {
          const { owner, title } = checkSession(input)
          const createdAt = timestamp(clock)
          const session = { id: createId(), owner, title, createdAt, updatedAt: createdAt }
          kept.set(session.id, { session, lastSequence: 0, messages: [], executions: [] })
          return session
        }),
      get: (key) => whenOpen(() => peek(key)?.session),
      list: ({ owner, limit = 50, after }) =>
        whenOpen(() => {
          checkName('owner', owner)
          checkLimit(limit)
          const found = [...kept.values()].map(({ session }) => session)
          return sessionPage(
            found.filter((session) => session.owner === owner),
            limit,
            after,
          )
        }),
      delete: (key) => whenOpen(() => peek(key) !== undefined && kept.delete(key.id)),
      statistics: (key) =>
        whenOpen(() => {
          const { messages, executions } = find(key)
          return statisticsOf(messages, executions)
        }),
    },
    messages: {
      append: (key, input) =>
        whenOpen(() => {
          const checked = checkMessage(input)
          const found = find(key)
          const message: Message = { ...advance(found), ...checked }
          found.messages.push(message)
          return message
        }),
      list: (key, query) => whenOpen(() => lastOf(find(key).messages, query)),
      clear: (key) =>
        whenOpen(() => {
          const found = find(key)
          advance(found)
          found.messages = []
          found.executions = []
        }),
    },
    toolExecutions: {
      append: (key, input) =>
        whenOpen(() => {
          const checked = checkToolExecution(input)
          const found = find(key)
          const execution: ToolExecution = { ...advance(found), ...checked }
          found.executions.push(execution)
          return structuredClone(execution)
        }),
      list: (key, query) => whenOpen(() => structuredClone(lastOf(find(key).executions, query))),
    },
    upkeep: {
      deleteOwner: (owner) =>
        whenOpen(() => {
          checkName('owner', owner)
          return deleteWhere((session) => session.owner === owner)
        }),
      deleteInactive: (since) =>
        whenOpen(() => {
          const moment = checkMoment(since)
          return deleteWhere(({ updatedAt }) => updatedAt < moment)
        }),
      countActive: (since) =>
        whenOpen(() => {
          const moment = checkMoment(since)
          return [...kept.values()].filter(({ session }) => session.updatedAt >= moment).length
        }),
    },
    async close() {
      isClosed = true
      kept.clear()
    },
  }
}

function lastOf<Entry extends { readonly sequence: number }>(
  entries: readonly Entry[],
  query: RecordQuery = {},
): readonly Entry[] {
  const limit = checkLimit(query.limit ?? 100)
  const before = query.before === undefined ? Infinity : checkSequence(query.before)
  return entries.filter(({ sequence }) => sequence < before).slice(-limit)
}
