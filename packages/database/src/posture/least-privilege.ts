import type { Catalog, CatalogTable, DialectName } from '@t2t/sql-guard'
import { quotedName } from '../databases/quoted-name.ts'
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
 * Give it what `catalog()` of a database gives: then the role cannot read what the policy hides.
 * It sets no password, and it takes rights from PUBLIC that other roles may rely on: read it before
 * you run it.
 *
 * @returns one statement per entry, without semicolons
 * @throws {@link EngineUnsupportedError} for SQLite, which knows no roles.
 *
 * @example
 * ```ts
 * import { leastPrivilegeRole, type Database } from '@t2t/database'
 *
 * export async function print(shop: Database): Promise<void> {
 *   const statements = leastPrivilegeRole(await shop.catalog(), { role: 'reader', database: 'shop' })
 *   console.log(statements.join(';\n'))
 * }
 * ```
 */
export function leastPrivilegeRole(
  catalog: Catalog,
  options: LeastPrivilegeOptions,
): readonly string[] {
  const write = writers[catalog.dialect]
  if (write === undefined) {
    throw new EngineUnsupportedError(`A database of ${catalog.dialect} has no roles.`)
  }
  return write(catalog, options)
}

const writers: Readonly<
  Partial<
    Record<DialectName, (catalog: Catalog, options: LeastPrivilegeOptions) => readonly string[]>
  >
> = { postgres: postgresRole, mysql: mysqlRole }

/** Functions of large objects: on servers before 16 they write even in a read-only transaction. */
const largeObjectFunctions = ['lo_creat(integer)', 'lo_create(oid)', 'lo_from_bytea(oid, bytea)']

function postgresRole({ tables }: Catalog, options: LeastPrivilegeOptions): readonly string[] {
  const quoted = (name: string): string => quotedName(name, 'postgres')
  const [role, database] = [quoted(options.role), quoted(options.database)]
  const schemas = [...new Set(tables.map(({ schema }) => schema))]
  return [
    `CREATE ROLE ${role} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`,
    `ALTER ROLE ${role} SET default_transaction_read_only = on`,
    `REVOKE CREATE, TEMPORARY ON DATABASE ${database} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${database} TO ${role}`,
    ...largeObjectFunctions.map(
      (signature) => `REVOKE EXECUTE ON FUNCTION pg_catalog.${signature} FROM PUBLIC`,
    ),
    ...schemas.flatMap((schema) => [
      `REVOKE CREATE ON SCHEMA ${quoted(schema)} FROM PUBLIC`,
      `GRANT USAGE ON SCHEMA ${quoted(schema)} TO ${role}`,
    ]),
    ...tables.map((table) => `GRANT ${selectOf(table, 'postgres')} TO ${role}`),
  ]
}

function mysqlRole({ tables }: Catalog, { role }: LeastPrivilegeOptions): readonly string[] {
  const account = `'${role.replaceAll(/['\\]/g, (quote) => `\\${quote}`)}'@'%'`
  return [
    `CREATE USER ${account}`,
    ...tables.map((table) => `GRANT ${selectOf(table, 'mysql')} TO ${account}`),
  ]
}

function selectOf({ schema, name, columns }: CatalogTable, dialect: DialectName): string {
  const list = columns.map((column) => quotedName(column.name, dialect)).join(', ')
  return `SELECT (${list}) ON ${quotedName(schema, dialect)}.${quotedName(name, dialect)}`
}
