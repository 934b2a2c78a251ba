import type { Catalog, Dialect } from '@t2t/sql-guard'
import type { QueryRunner } from '../assistant/assistant.ts'

/** A database that an evaluation asks. */
export interface EvaluationDatabase {
  readonly catalog: Catalog
  readonly dialect: Dialect
  /** Runs a query and gives all of its rows. */
  readonly run: QueryRunner
  close(): void | Promise<void>
}
