import type { Message, NewMessage } from '../message/message.ts'
import type { NewSession, Session, SessionKey } from '../session/session.ts'
import type { SessionStatistics } from '../statistics/statistics.ts'
import type { NewToolExecution, ToolExecution } from '../tool-execution/tool-execution.ts'

/**
 * Keeps conversations.
 *
 * Implement this to keep them somewhere else, then run `sessionStoreContract` from
 * `@t2t/sessions/testing` against it: the contract is the specification. A store must show a
 * person nothing of anybody else, and what it acknowledged must be there the next time.
 */
export interface SessionStore {
  readonly sessions: SessionRecords
  readonly messages: MessageRecords
  readonly toolExecutions: ToolExecutionRecords
  readonly upkeep: Upkeep
  /** Frees what the store opened itself; calling it twice is harmless. */
  close(): Promise<void>
}

/**
 * Sessions, each seen by its owner alone.
 *
 * Every member rejects with `InputInvalidError` for input that cannot be, with `StoreClosedError`
 * after `close`, and with `StoreFailedError` when what lies behind the store failed.
 */
export interface SessionRecords {
  create(session: NewSession): Promise<Session>
  /** Gives a session; `undefined` when there is none, or when it is somebody else's. */
  get(key: SessionKey): Promise<Session | undefined>
  /** Lists a person's sessions, the one that changed last first. */
  list(query: SessionQuery): Promise<SessionPage>
  /** Deletes a session with all that is in it; says whether there was one. */
  delete(key: SessionKey): Promise<boolean>
  /** @throws `SessionNotFoundError` when there is no such session. */
  statistics(key: SessionKey): Promise<SessionStatistics>
}

/** Which sessions to list. */
export interface SessionQuery {
  readonly owner: string
  /**
   * Sessions in one page, 1 to 500.
   * @defaultValue 50
   */
  readonly limit?: number | undefined
  /** `next` of the page before; absent for the first page. */
  readonly after?: string | undefined
}

/** Some sessions, and where to go on. */
export interface SessionPage {
  readonly items: readonly Session[]
  /** Pass it as `after` for more; absent on the last page. */
  readonly next?: string | undefined
}

/** Messages of sessions. All reject with `SessionNotFoundError` when there is no such session. */
export interface MessageRecords {
  append(key: SessionKey, message: NewMessage): Promise<Message>
  /** Gives the latest messages, in the order in which they were said. */
  list(key: SessionKey, query?: RecordQuery): Promise<readonly Message[]>
  /** Deletes all messages and tool executions of a session, and keeps the session. */
  clear(key: SessionKey): Promise<void>
}

/** Tool executions. All reject with `SessionNotFoundError` when there is no such session. */
export interface ToolExecutionRecords {
  append(key: SessionKey, execution: NewToolExecution): Promise<ToolExecution>
  /** Gives the latest tool executions, in the order in which they ended. */
  list(key: SessionKey, query?: RecordQuery): Promise<readonly ToolExecution[]>
}

/** Which part of a session to list. */
export interface RecordQuery {
  /**
   * Entries in one page, 1 to 500.
   * @defaultValue 100
   */
  readonly limit?: number | undefined
  /** Only entries with a lower sequence: pass the first one of a page for the page before. */
  readonly before?: number | undefined
}

/** What an operator does across people. */
export interface Upkeep {
  /** Deletes all that is kept of a person; gives the number of sessions. */
  deleteOwner(owner: string): Promise<number>
  /** Deletes sessions that did not change since a moment; gives their number. */
  deleteInactive(since: Date): Promise<number>
  /** Counts sessions that changed since a moment. */
  countActive(since: Date): Promise<number>
}

/** What every store of this package can be given. */
export interface SessionStoreOptions {
  /** @defaultValue the clock of the process */
  readonly clock?: { now(): number } | undefined
  /**
   * Makes the id of a session; must never give the same one twice.
   * @defaultValue random UUIDs
   */
  readonly createId?: (() => string) | undefined
}
