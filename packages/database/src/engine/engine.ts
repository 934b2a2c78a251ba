import type { AllowedVerdict, Catalog, DialectName } from '@t2t/sql-guard'
import type { ReadCaps, ReadResult } from '../read/read.ts'

/**
 * One connected database, as the rest of the package needs it.
 *
 * Implement this to support another engine, then run `engineContract` from
 * `@t2t/database/testing` against it: the contract is the specification. An engine must guarantee
 * that nothing a query does outlives it: no writes, no settings, no locks.
 */
export interface Engine {
  readonly dialect: DialectName
  /**
   * Reads the rows of one statement inside a read-only session. Where the engine can hold a
   * statement to what a guard `decided` about it, it does; without it, the session alone holds.
   */
  read(
    sql: string,
    caps: ReadCaps,
    signal: AbortSignal,
    decided?: ReadDecision,
  ): Promise<ReadResult>
  /** Reads what the database contains. */
  introspect(signal: AbortSignal): Promise<Catalog>
  /** Resolves when the database answers. */
  ping(signal: AbortSignal): Promise<void>
  /** Ends what runs and frees everything; calling it twice is harmless. */
  close(): Promise<void>
}

/** What a guard said that a text reads and calls. */
export type ReadDecision = Pick<AllowedVerdict, 'reads' | 'allReads' | 'functions'>
