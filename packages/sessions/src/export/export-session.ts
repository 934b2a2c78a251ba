import { SessionNotFoundError } from '../errors/errors.ts'
import type { Message } from '../message/message.ts'
import type { Session, SessionKey } from '../session/session.ts'
import type { SessionStatistics } from '../statistics/statistics.ts'
import { statisticsOf } from '../statistics/statistics.ts'
import type { RecordQuery, SessionStore } from '../store/store.ts'
import type { ToolExecution } from '../tool-execution/tool-execution.ts'

/** All that is kept of a session, as plain JSON. */
export interface SessionExport {
  /** Of this form; it changes when a field changes its meaning. */
  readonly version: 1
  readonly session: Session
  /** In the order in which they were said. */
  readonly messages: readonly Message[]
  /** In the order in which they ended; `sequence` says where among the messages. */
  readonly toolExecutions: readonly ToolExecution[]
  readonly statistics: SessionStatistics
}

const pageSize = 500

/**
 * Gives all that is kept of a session, to hand to its owner or to keep elsewhere.
 *
 * What is added meanwhile may be missing; nothing is there twice.
 *
 * @throws `SessionNotFoundError` when there is no such session.
 *
 * @example
 * ```ts
 * import { exportSession, memoryStore } from '@t2t/sessions'
 *
 * const store = memoryStore()
 * const { id } = await store.sessions.create({ owner: 'user-7' })
 * const text = JSON.stringify(await exportSession(store, { owner: 'user-7', id }))
 * ```
 */
export async function exportSession(store: SessionStore, key: SessionKey): Promise<SessionExport> {
  const session = await store.sessions.get(key)
  if (session === undefined) throw new SessionNotFoundError()
  const messages = await all((query) => store.messages.list(key, query))
  const toolExecutions = await all((query) => store.toolExecutions.list(key, query))
  const statistics = statisticsOf(messages, toolExecutions)
  return { version: 1, session, messages, toolExecutions, statistics }
}

async function all<Entry extends { readonly sequence: number }>(
  list: (query: RecordQuery) => Promise<readonly Entry[]>,
): Promise<readonly Entry[]> {
  const pages: (readonly Entry[])[] = []
  for (let before: number | undefined; ; before = pages.at(-1)?.[0]?.sequence) {
    const page = await list({ limit: pageSize, before })
    pages.push(page)
    if (page.length < pageSize) return pages.toReversed().flat()
  }
}
