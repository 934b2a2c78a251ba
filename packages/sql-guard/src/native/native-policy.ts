import type { Catalog } from '../catalog/catalog.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import type { SqlGuardOptions } from '../guard/create-guard.ts'
import { clickhouseRole } from './clickhouse-role.ts'
import { gapsOf, type NativeGap } from './gaps.ts'
import { mysqlAccount } from './mysql-account.ts'
import { postgresRole } from './postgres-role.ts'
import { readablePart } from './readable.ts'

/** Options for {@link nativePolicy}: those of the guard that the engine is to agree with. */
export interface NativePolicyOptions extends Pick<
  SqlGuardOptions,
  'dialect' | 'policy' | 'attributes'
> {
  readonly catalog: Catalog
  /** How the new role or account is called. */
  readonly role: string
  /** The database that it reads. */
  readonly database: string
  /**
   * Statements that it may run in an hour, an integer from 1 up; PostgreSQL cannot say so.
   * @defaultValue any number
   */
  readonly maxQueriesPerHour?: number | undefined
}

/** A policy in the words of an engine. */
export interface NativePolicy {
  /** To run in this order as an administrator; each without a semicolon. */
  readonly statements: readonly string[]
  /** What of the policy the engine does not hold, or holds in another way. */
  readonly gaps: readonly NativeGap[]
}

/**
 * Writes a policy as roles, grants, row security and views of the engine itself, so that it holds
 * where the guard is not in the way.
 *
 * Row filters have the attributes in them as constants: make one role for each set of attributes. No
 * password is set. Some statements take rights from everybody that other roles may rely on: read
 * them before you run them.
 *
 * @throws {@link OptionInvalidError} for SQLite, which knows no roles (see `sqliteAuthorizer`), and
 * for what `createSqlGuard` refuses.
 *
 * @example
 * ```ts
 * import { definePolicy, type Catalog } from '@t2t/sql-guard'
 * import { nativePolicy } from '@t2t/sql-guard/native'
 * import { postgres } from '@t2t/sql-guard/postgres'
 *
 * export async function print(catalog: Catalog): Promise<void> {
 *   const { statements, gaps } = await nativePolicy({
 *     dialect: postgres(),
 *     policy: definePolicy({ rows: { filter: { orders: 'tenant_id = :tenant' } } }),
 *     attributes: { tenant: 7 },
 *     catalog,
 *     role: 'tenant_7',
 *     database: 'shop',
 *   })
 *   console.log(statements.join(';\n'), gaps)
 * }
 * ```
 */
export async function nativePolicy(options: NativePolicyOptions): Promise<NativePolicy> {
  const { role, database, maxQueriesPerHour } = options
  if (role === '' || database === '') {
    throw new OptionInvalidError('role and database must be names.')
  }
  if (
    maxQueriesPerHour !== undefined &&
    !(Number.isInteger(maxQueriesPerHour) && maxQueriesPerHour > 0)
  ) {
    throw new OptionInvalidError('maxQueriesPerHour must be an integer from 1 up.')
  }
  const part = await readablePart(options)
  const writing = { part, role, database, maxQueriesPerHour }
  const gaps = gapsOf(part, maxQueriesPerHour)
  switch (options.dialect.name) {
    case 'postgres':
      return { statements: postgresRole(writing), gaps }
    case 'mysql':
      return { statements: mysqlAccount(writing), gaps }
    case 'clickhouse':
      return { statements: clickhouseRole(writing), gaps }
    case 'sqlite':
      throw new OptionInvalidError('SQLite has no roles; use sqliteAuthorizer.')
  }
}
