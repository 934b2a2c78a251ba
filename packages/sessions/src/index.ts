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
export { exportSession, type SessionExport } from './export/export-session.ts'
export type { Message, MessageRole, NewMessage } from './message/message.ts'
export {
  keepFor,
  type Retention,
  type RetentionEvent,
  type RetentionOptions,
} from './retention/retention.ts'
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
export {
  type ContextWindow,
  fitWindow,
  readWindow,
  type WindowOptions,
} from './window/context-window.ts'
export { estimateTokens, type TokenCounter } from './window/token-counter.ts'
