import { readFileSync } from 'node:fs'
import type { Catalog, CatalogTable } from '@t2t/sql-guard'
import pg from 'pg'
import { dataFolder } from './sqlite-data.ts'

const server = { host: '127.0.0.1', port: 5432, user: 'postgres' }

/** Runs work in a database that is created for it and dropped after it. */
export async function withPostgres<Result>(
  name: string,
  work: (client: pg.Client) => Promise<Result>,
): Promise<Result> {
  const admin = new pg.Client({ ...server, database: 'postgres' })
  await admin.connect()
  const database = `guard_bench_${process.pid}_${name}`
  await admin.query(`CREATE DATABASE "${database}"`)
  const client = new pg.Client({ ...server, database })
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
    await admin.query(`DROP DATABASE "${database}"`)
    await admin.end()
  }
}

/** Creates the tables of a database of a set. */
export async function loadPostgresSchema(
  client: pg.Client,
  set: string,
  name: string,
): Promise<void> {
  const schema = readFileSync(`${dataFolder}/${set}/schema/${name}.sql`, 'utf8')
  await client.query(set === 'bird-linking' ? translated(schema) : schema)
}

/** SQLite's schema as its authors load it into PostgreSQL: names in lower case, plain types. */
function translated(schema: string): string {
  return schema
    .replace(/"[^"]+"/g, (name) => name.toLowerCase())
    .replace(/,\s*FOREIGN KEY[^\n]*?(?=,?\n)/gi, '')
    .replace(/\bDATETIME\b/gi, 'timestamp')
}

/** Reads what a PostgreSQL database contains in its public schema. */
export async function postgresCatalog(client: pg.Client): Promise<Catalog> {
  const { rows } = await client.query<{
    schema: string
    name: string
    kind: string
    definition: string | null
    columns: readonly { name: string; type: string }[]
  }>(`
    SELECT n.nspname AS schema, c.relname AS name, c.relkind AS kind,
      CASE WHEN c.relkind = 'v' THEN pg_get_viewdef(c.oid) END AS definition,
      json_agg(json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod)) ORDER BY a.attnum) AS columns
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_attribute a ON a.attrelid = c.oid
    WHERE n.nspname NOT LIKE 'pg\\_%' AND n.nspname <> 'information_schema'
      AND c.relkind IN ('r', 'v', 'p') AND a.attnum > 0 AND NOT a.attisdropped
    GROUP BY n.nspname, c.oid, c.relname, c.relkind ORDER BY 1, 2`)
  const tables = rows.map(({ schema, name, kind, definition, columns }): CatalogTable => ({
    schema,
    name,
    kind: kind === 'v' ? 'view' : 'table',
    columns: columns.map((column) => ({ ...column, isNullable: true })),
    primaryKey: [],
    foreignKeys: [],
    ...(definition === null ? {} : { definition }),
  }))
  return { dialect: 'postgres', version: '1', searchPath: ['public'], tables }
}

/** What PostgreSQL itself records as read by a statement: `table` and `table.column`. */
export async function postgresReads(
  client: pg.Client,
  sql: string,
): Promise<ReadonlySet<string> | undefined> {
  await client.query('BEGIN')
  try {
    await client.query(
      `CREATE FUNCTION pg_temp.probe() RETURNS SETOF record LANGUAGE sql BEGIN ATOMIC ${sql.replace(/;\s*$/, '')}\n; END`,
    )
    const { rows } = await client.query<{ table: string; column: string | null }>(`
      SELECT c.relname AS table, a.attname AS column
      FROM pg_depend d JOIN pg_class c ON c.oid = d.refobjid AND d.refclassid = 'pg_class'::regclass
      LEFT JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.refobjsubid AND d.refobjsubid <> 0
      WHERE d.objid = (SELECT oid FROM pg_proc WHERE proname = 'probe') AND c.relkind IN ('r', 'v', 'p')`)
    return new Set(
      rows.flatMap(({ table, column }) =>
        column === null ? [table] : [table, `${table}.${column}`],
      ),
    )
  } catch {
    return undefined
  } finally {
    await client.query('ROLLBACK')
  }
}
