export { type Clock, systemClock } from './clock/clock.ts'
export {
  InputInvalidError,
  isSessionsError,
  MigrationFailedError,
  SessionNotFoundError,
  SessionsError,
  type SessionsErrorCode,
  StoreClosedError,
  StoreFailedError,
} from './errors/errors.ts'
export type { Message, MessageRole, NewMessage } from './message/message.ts'
export type { NewSession, Session, SessionKey } from './session/session.ts'
export type { SessionStatistics, ToolStatistics } from './statistics/statistics.ts'
export { memoryStore } from './store/memory/memory-store.ts'
export type {
  MessageRecords,
  RecordQuery,
  SessionPage,
  SessionQuery,
  SessionRecords,
  SessionStore,
  SessionStoreOptions,
  ToolExecutionRecords,
  Upkeep,
} from './store/store.ts'
export type { NewToolExecution, ToolExecution } from './tool-execution/tool-execution.ts'
