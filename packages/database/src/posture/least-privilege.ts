import { type Catalog, definePolicy } from '@t2t/sql-guard'
import { nativePolicy } from '@t2t/sql-guard/native'
import { guardDialect } from '../databases/guard-dialect.ts'
import { EngineUnsupportedError } from '../errors/errors.ts'

/** Options for {@link leastPrivilegeRole}. */
export interface LeastPrivilegeOptions {
  /** How the new role is called. */
  readonly role: string
  /** The database that it reads; a schema of MySQL is its database. */
  readonly database: string
}

/**
 * Writes the SQL of a role that can read what a catalog shows, column by column, and nothing else.
 *
 * Give it what `catalog()` of a database gives: then the role cannot read what the policy hides. It
 * knows nothing of row filters and masks; `nativePolicy` of `@t2t/sql-guard/native` does. It sets no
 * password, and it takes rights from PUBLIC that other roles may rely on: read it before you run it.
 *
 * @returns one statement per entry, without semicolons
 * @throws {@link EngineUnsupportedError} for SQLite, which knows no roles.
 *
 * @example
 * ```ts
 * import { leastPrivilegeRole, type Database } from '@t2t/database'
 *
 * export async function print(shop: Database): Promise<void> {
 *   const options = { role: 'reader', database: 'shop' }
 *   const statements = await leastPrivilegeRole(await shop.catalog(), options)
 *   console.log(statements.join(';\n'))
 * }
 * ```
 */
export async function leastPrivilegeRole(
  catalog: Catalog,
  options: LeastPrivilegeOptions,
): Promise<readonly string[]> {
  if (catalog.dialect === 'sqlite') {
    throw new EngineUnsupportedError('A database of sqlite has no roles.')
  }
  const dialect = await guardDialect(catalog.dialect)
  const { role, database } = options
  const policy = definePolicy()
  return (await nativePolicy({ dialect, policy, catalog, role, database })).statements
}
