import type { DialectName } from '@t2t/sql-guard'
import type { PoolFigures } from '../engine/pool.ts'

/** What a database tells its listener. Events never contain SQL, rows or messages. */
export type DatabaseEvent =
  | QueryFinishedEvent
  | CatalogRefreshedEvent
  | PoolChangedEvent
  | DatabaseClosedEvent

/** A call of `query` came to its end, whichever way. */
export interface QueryFinishedEvent {
  readonly type: 'query-finished'
  readonly database: string
  readonly dialect: DialectName
  /** `refused` by the guard, `failed` in the engine, `aborted` by the caller. */
  readonly outcome: 'rows' | 'refused' | 'failed' | 'aborted'
  /** Rows given to the caller; 0 unless the outcome is `rows`. */
  readonly rows: number
  /** Whether a cap ended the reading, or shortened values. */
  readonly isTruncated: boolean
  /** Time of the whole call, the guard included, in milliseconds. */
  readonly durationMs: number
  /** The first finding of a refusal, or the code of an error; absent otherwise. */
  readonly code?: string | undefined
}

/** The catalog was read from the database, and the guard works with it. */
export interface CatalogRefreshedEvent {
  readonly type: 'catalog-refreshed'
  readonly database: string
  readonly dialect: DialectName
  readonly version: string
  /** Tables that the policy shows. */
  readonly visibleTables: number
  /** All tables, hidden ones included. */
  readonly tables: number
  readonly durationMs: number
}

/** A connection was opened, lent, given back or closed, or a caller began or ceased to wait for one. */
export interface PoolChangedEvent extends PoolFigures {
  readonly type: 'pool-changed'
  readonly database: string
  readonly dialect: DialectName
}

/** The database was closed. */
export interface DatabaseClosedEvent {
  readonly type: 'database-closed'
  readonly database: string
  readonly dialect: DialectName
}

/** Receives events. What it throws is ignored. */
export type DatabaseListener = (event: DatabaseEvent) => void
