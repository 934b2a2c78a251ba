import type { Catalog, DialectName } from '../catalog/catalog.ts'
import type { Policy } from '../policy/policy.ts'
import type { Verdict } from './verdict.ts'

/** Decides about SQL texts under one policy and one catalog. */
export interface SqlGuard {
  readonly dialect: DialectName
  readonly policy: Policy
  /** What names are resolved against; absent when the guard works without one. */
  readonly catalog: Catalog | undefined
  /**
   * Decides about one SQL text. Synchronous, pure, and never throws for a text, whatever it holds.
   */
  check(sql: string): Verdict
  /**
   * The catalog without what the policy hides, views followed to what they read: every column in it
   * may be read. Absent when the guard works without a catalog.
   */
  visibleCatalog(): Catalog | undefined
}
