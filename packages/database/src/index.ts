export type { ResultCacheOptions } from './cache/result-cache.ts'
export {
  createDatabase,
  type DatabaseOptions,
  type RefreshableDatabase,
} from './databases/create-database.ts'
export { createDatabases, type DatabaseHealth, type Databases } from './databases/databases.ts'
export type { RoutedDatabase, RoutedWord, Routing } from './databases/route.ts'
export type { Database, QueryOptions, QueryOutcome } from './databases/database.ts'
export type {
  CatalogRefreshedEvent,
  DatabaseClosedEvent,
  DatabaseEvent,
  DatabaseListener,
  PoolChangedEvent,
  QueryFinishedEvent,
} from './databases/events.ts'
export type { SampleValuesOptions } from './databases/sample-values.ts'
export type { TrialDifferedEvent, TrialListener, TrialOptions } from './databases/trial.ts'
export type { Engine, ReadDecision } from './engine/engine.ts'
export type { PooledEngine, PoolFigures, PoolListener } from './engine/pool.ts'
export {
  DatabaseClosedError,
  DatabaseError,
  type DatabaseErrorCode,
  DatabaseUnavailableError,
  EngineUnsupportedError,
  isDatabaseError,
  OptionInvalidError,
  QueryFailedError,
  QueryTimedOutError,
  StatementRefusedError,
} from './errors/errors.ts'
export type { Drift } from './posture/drift.ts'
export { leastPrivilegeRole, type LeastPrivilegeOptions } from './posture/least-privilege.ts'
export type { Posture, PostureFinding } from './posture/posture.ts'
export type { Now } from './read/deadline.ts'
export type { Cell, CutCells, ReadCaps, ReadResult, ResultColumn, Truncation } from './read/read.ts'
