import type { ReadableTable, Writing } from './readable.ts'

/** Functions of large objects: on servers before 16 they write even in a read-only transaction. */
const largeObjectFunctions = ['lo_creat(integer)', 'lo_create(oid)', 'lo_from_bytea(oid, bytea)']

/** A role that may read columns by grant, and rows by row security. */
export function postgresRole({ part, role, database }: Writing): readonly string[] {
  const { quoteName } = part.traits
  const [reader, from] = [quoteName(role), quoteName(database)]
  const tables = part.tables.filter(({ columns }) => columns.length > 0)
  const schemas = [...new Set(tables.map(({ schema }) => quoteName(schema)))]
  const nameOf = ({ schema, name }: ReadableTable): string =>
    `${quoteName(schema)}.${quoteName(name)}`
  return [
    `CREATE ROLE ${reader} LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE NOREPLICATION NOBYPASSRLS`,
    `ALTER ROLE ${reader} SET default_transaction_read_only = on`,
    `REVOKE CREATE, TEMPORARY ON DATABASE ${from} FROM PUBLIC`,
    `GRANT CONNECT ON DATABASE ${from} TO ${reader}`,
    ...largeObjectFunctions.map(
      (signature) => `REVOKE EXECUTE ON FUNCTION pg_catalog.${signature} FROM PUBLIC`,
    ),
    ...schemas.flatMap((schema) => [
      `REVOKE CREATE ON SCHEMA ${schema} FROM PUBLIC`,
      `GRANT USAGE ON SCHEMA ${schema} TO ${reader}`,
    ]),
    ...tables.flatMap((table) =>
      table.condition === undefined
        ? []
        : [
            othersAsBefore(nameOf(table)),
            `CREATE POLICY ${quoteName(`${role}_rows`)} ON ${nameOf(table)} AS RESTRICTIVE FOR SELECT TO ${reader} USING (${table.condition})`,
          ],
    ),
    ...tables.map((table) => {
      const columns = table.columns.map(quoteName).join(', ')
      return `GRANT SELECT (${columns}) ON ${nameOf(table)} TO ${reader}`
    }),
  ]
}

/**
 * Turns row security on where it is off; other roles then read and write as before. Where it is on,
 * its policies are somebody's, and stay what they are: ours only takes rows away.
 */
function othersAsBefore(table: string): string {
  let tag = '$t2t$'
  while (table.includes(tag)) tag = tag.replace(/\$$/, '_$')
  const quoted = `'${table.replaceAll("'", "''")}'`
  return (
    `DO ${tag} BEGIN IF NOT (SELECT relrowsecurity FROM pg_catalog.pg_class WHERE oid = ${quoted}::pg_catalog.regclass) THEN ` +
    `ALTER TABLE ${table} ENABLE ROW LEVEL SECURITY; ` +
    `CREATE POLICY t2t_all_rows ON ${table} USING (true) WITH CHECK (true); END IF; END ${tag}`
  )
}
