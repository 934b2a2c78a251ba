import type { Catalog, DialectName, Policy, RefusedVerdict, AllowedVerdict } from '@t2t/sql-guard'
import type { Posture } from '../posture/posture.ts'
import type { ReadResult } from '../read/read.ts'

/** A database with its policy: the one way through which anything is read. */
export interface Database {
  /** How the database is called in tools, answers and metric labels. */
  readonly name: string
  readonly dialect: DialectName
  readonly policy: Policy
  /** Decides about a text, and reads its rows when it may run. */
  query(sql: string, options?: QueryOptions): Promise<QueryOutcome>
  /** Decides about a text, and gives its plan when the policy permits plans; absent where it cannot. */
  explain?(sql: string, options?: QueryOptions): Promise<QueryOutcome>
  /** What the caller may see: tables and columns that the policy hides are not in it. */
  catalog(options?: { readonly signal?: AbortSignal | undefined }): Promise<Catalog>
  /** Resolves when the database answers, rejects when it does not. */
  ping(options?: { readonly signal?: AbortSignal | undefined }): Promise<void>
  /** Says what the role may do besides reading; absent where that cannot be told. */
  posture?(options?: { readonly signal?: AbortSignal | undefined }): Promise<Posture>
  close(): Promise<void>
}

/** Options for {@link Database.query}. Each can only tighten what the database allows. */
export interface QueryOptions {
  readonly maxRows?: number | undefined
  readonly timeoutMs?: number | undefined
  readonly signal?: AbortSignal | undefined
}

/** Rows, or the reason why the text may not run. */
export type QueryOutcome =
  | {
      readonly kind: 'rows'
      readonly result: ReadResult
      readonly verdict: AllowedVerdict
      /** How old the rows are, in milliseconds, where they come from the cache of the database. */
      readonly ageMs?: number | undefined
    }
  | { readonly kind: 'refused'; readonly verdict: RefusedVerdict }
