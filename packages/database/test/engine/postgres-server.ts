import type { Engine } from '@t2t/database'
import pg from 'pg'
import { atRest } from './server-behaviour.ts'

const calm = new AbortController().signal
const large = { maxRows: 1_000, maxBytes: 1e6, timeoutMs: 60_000 }

/** The server on loopback that the tests of engines talk to. */
export const serverUrl = 'postgres://postgres@127.0.0.1:5432/'

export async function asSuperuser<Value>(
  database: string,
  body: (client: pg.Client) => Promise<Value>,
): Promise<Value> {
  const client = new pg.Client(`${serverUrl}${database}`)
  await client.connect()
  try {
    return await body(client)
  } finally {
    await client.end()
  }
}

/** Creates a database in which statements were run. */
export async function createDatabaseWith(
  name: string,
  statements: readonly string[],
): Promise<void> {
  await dropDatabase(name)
  await asSuperuser('postgres', (client) => client.query(`CREATE DATABASE ${name}`))
  await asSuperuser(name, async (client) => {
    for (const statement of statements) await client.query(statement)
  })
}

export async function dropDatabase(name: string): Promise<void> {
  await asSuperuser('postgres', (client) =>
    client.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`),
  )
}

/** Everything that the texts of the contract could change, as a watcher and the engine see it. */
export async function fingerprintOf(watcher: pg.Client, engine: Engine): Promise<string> {
  await atRest(engine)
  const shared = await watcher.query(`
    SELECT relname, relkind, relowner FROM pg_class ORDER BY oid;
    SELECT * FROM planets ORDER BY id;
    SELECT * FROM moons ORDER BY id;
    SELECT locktype, mode FROM pg_locks WHERE locktype = 'advisory'
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database());
    SELECT oid FROM pg_largeobject_metadata;
    SELECT setrole, setconfig FROM pg_db_role_setting
      WHERE setdatabase = (SELECT oid FROM pg_database WHERE datname = current_database());
  `)
  const seen: unknown[] = Array.isArray(shared) ? shared.map(({ rows }) => rows) : []
  for (const sql of [
    "SELECT name, setting, source FROM pg_settings WHERE name NOT LIKE 'transaction_%' AND name <> 'statement_timeout'",
    'SELECT name FROM pg_prepared_statements',
    'SELECT name FROM pg_cursors',
    'SELECT * FROM pg_listening_channels()',
  ]) {
    const { rows } = await engine.read(sql, large, calm)
    seen.push(rows)
  }
  await atRest(engine)
  return JSON.stringify(seen)
}
