import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { postgres } from '@t2t/database/postgres'
import { postgres as dialect } from '@t2t/sql-guard/postgres'
import pg from 'pg'
import {
  postgresAttacks,
  postgresExtras,
} from '../../../sql-guard/test/attacks/postgres/postgres.attacks.ts'
import { worldSchema } from '../../../sql-guard/test/attacks/world.ts'
import { canOwnPostgres, startOwnPostgres } from '../server-faults/own-postgres.ts'
import { askedThrough, openServerWorld } from './server-world.ts'
import { filesIn, strayFiles, type World } from './world.ts'

export { canOwnPostgres as canOpenPostgresWorld }

const passing =
  /^(?:pg_wal|pg_stat|pg_stat_tmp|pg_subtrans|pg_notify|pg_logical|base\/pgsql_tmp)\/|_(?:fsm|vm)$|pg_internal\.init$|postmaster\.|current_logfiles/
const configurations = ['postgresql.conf', 'postgresql.auto.conf', 'pg_hba.conf', 'pg_ident.conf']

/** Aspects that PostgreSQL can be asked about. */
const postgresAspects: Readonly<Record<string, string>> = {
  tables: `SELECT n.nspname, c.relname, c.relkind, c.relowner, c.relacl, c.reloptions, c.relfilenode
    FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname !~ '^pg_(toast|temp)' ORDER BY 1, 2`,
  'rows of customers': 'SELECT * FROM customers ORDER BY id',
  'rows of orders': 'SELECT * FROM orders ORDER BY id',
  'rows of secrets': 'SELECT * FROM secrets ORDER BY id',
  sequences: 'SELECT last_value, is_called FROM numbers',
  'large objects': 'SELECT oid, lomowner, lomacl FROM pg_largeobject_metadata ORDER BY 1',
  'bytes of large objects': 'SELECT loid, pageno, md5(data) FROM pg_largeobject ORDER BY 1, 2',
  functions: 'SELECT proname, prosrc, proacl FROM pg_proc WHERE oid >= 16384 ORDER BY 1',
  types: 'SELECT typname, typacl FROM pg_type WHERE oid >= 16384 ORDER BY 1',
  collations: 'SELECT count(*) FROM pg_collation',
  roles: 'SELECT rolname, rolsuper, rolcanlogin, rolpassword FROM pg_authid ORDER BY 1',
  databases: 'SELECT datname, datacl, datallowconn FROM pg_database ORDER BY 1',
  extensions: 'SELECT extname, extversion FROM pg_extension ORDER BY 1',
  'settings of roles and databases':
    'SELECT setdatabase, setrole, setconfig FROM pg_db_role_setting',
  'settings of the server': `SELECT name, reset_val FROM pg_settings
    WHERE context NOT IN ('user', 'superuser') ORDER BY 1`,
  'advisory locks': "SELECT objid, mode FROM pg_locks WHERE locktype = 'advisory'",
  'prepared transactions': 'SELECT count(*) FROM pg_prepared_xacts',
  publications: 'SELECT pubname FROM pg_publication',
  'replication slots': 'SELECT slot_name, slot_type FROM pg_replication_slots ORDER BY 1',
  'replication origins': 'SELECT roident, roname FROM pg_replication_origin ORDER BY 1',
  statistics: `SELECT stats_reset FROM pg_stat_bgwriter UNION ALL
    SELECT stats_reset FROM pg_stat_database WHERE datname = current_database() UNION ALL
    SELECT stats_reset FROM pg_stat_wal UNION ALL SELECT stats_reset FROM pg_stat_archiver`,
  'the log file': 'SELECT pg_current_logfile()',
  'time of the configuration': 'SELECT pg_conf_load_time()',
}

/** One text that asks about all aspects. */
export const aspectTexts = Object.values(postgresAspects).join(';\n')

/** The answers to it by aspect. */
export function aspectsOf(
  results: readonly { readonly rows: readonly unknown[] }[],
): Record<string, string> {
  const names = Object.keys(postgresAspects)
  const entries = names.map((name, place) => [name, JSON.stringify(results[place]?.rows)] as const)
  return Object.fromEntries<string>(entries)
}

/** What a session keeps, asked through it. */
const settings = `SELECT name, setting FROM pg_settings WHERE context IN ('user', 'superuser')
  AND name NOT LIKE 'transaction_%' AND name NOT IN
    ('statement_timeout', 'idle_in_transaction_session_timeout', 'is_superuser', 'session_authorization')
  ORDER BY name`
const kept = `SELECT (SELECT count(*) FROM pg_prepared_statements), (SELECT count(*) FROM pg_cursors),
  (SELECT count(*) FROM pg_listening_channels())`

/** Starts a server of its own with the tables of the attacks, and a role that reads a part of them. */
export async function openPostgresWorld(): Promise<World> {
  const server = await startOwnPostgres(40)
  const open = async (): Promise<pg.Client> => {
    const client = new pg.Client(server.url)
    // Some texts of a superuser end the connections of others.
    client.on('error', () => {})
    await client.connect()
    return client
  }
  let watcher = await open()
  await watcher.query(worldSchema('STORED'))
  await watcher.query(postgresExtras)

  const world = await openServerWorld({
    server,
    database: 'postgres',
    dialect: dialect(),
    attacks: postgresAttacks,
    open: (role = 'postgres') =>
      postgres({ url: server.url.replace('postgres@', `${role}@`), maxConnections: 4 }),
    run: (sql) => watcher.query(sql),
    async fingerprint(engine) {
      const looked = await watcher.query(aspectTexts).catch(async () => {
        watcher = await open()
        return watcher.query(aspectTexts)
      })
      const seen = aspectsOf(Array.isArray(looked) ? looked : [])
      seen['settings of sessions'] = await askedThrough(engine, settings)
      seen['kept'] = await askedThrough(engine, kept)
      seen['files of the server'] = filesIn(server.folder, passing)
      seen['files of the configuration'] = configurations
        .map((file) =>
          createHash('sha256')
            .update(readFileSync(join(server.folder, file)))
            .digest('hex'),
        )
        .join()
      seen['other files'] = strayFiles()
      return seen
    },
    leave: () => watcher.end(),
  })
  await watcher.query('VACUUM ANALYZE')
  await watcher.query('CHECKPOINT')
  return world
}
