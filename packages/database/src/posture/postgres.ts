import type { AskEngine, Posture, PostureFinding } from './posture.ts'

type Code = PostureFinding['code']

/** What a role of PostgreSQL may do besides reading. */
export async function postgresPosture(ask: AskEngine): Promise<Omit<Posture, 'canWrite'>> {
  const [[role] = []] = await ask('SELECT current_user')
  const findings: PostureFinding[] = []
  for (const { code, writes, sql } of questions) {
    for (const [subject] of await ask(sql))
      findings.push({ code, subject: String(subject), writes })
  }
  return { role: String(role), findings }
}

const outside = (schema: string): string =>
  `${schema} NOT IN ('pg_catalog', 'information_schema') AND ${schema} !~ '^pg_(toast|temp)'`

const questions: readonly {
  readonly code: Code
  readonly writes: boolean
  readonly sql: string
}[] = [
  {
    code: 'superuser',
    writes: true,
    sql: 'SELECT rolname FROM pg_roles WHERE rolname = current_user AND rolsuper',
  },
  {
    code: 'role-attribute',
    writes: true,
    sql: `SELECT attribute FROM pg_roles, LATERAL (VALUES ('CREATEDB', rolcreatedb),
        ('CREATEROLE', rolcreaterole), ('REPLICATION', rolreplication)) AS has(attribute, is_set)
      WHERE rolname = current_user AND is_set`,
  },
  {
    code: 'role-attribute',
    writes: false,
    sql: `SELECT 'BYPASSRLS' FROM pg_roles WHERE rolname = current_user AND rolbypassrls`,
  },
  {
    code: 'server-access',
    writes: true,
    sql: `SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'USAGE') AND rolname IN
      ('pg_write_server_files', 'pg_execute_server_program', 'pg_write_all_data',
       'pg_signal_backend', 'pg_checkpoint', 'pg_maintain')`,
  },
  {
    code: 'server-access',
    writes: false,
    sql: `SELECT rolname FROM pg_roles WHERE pg_has_role(current_user, oid, 'USAGE') AND rolname IN
      ('pg_read_server_files', 'pg_read_all_data', 'pg_monitor', 'pg_read_all_settings')`,
  },
  {
    code: 'write-grant',
    writes: true,
    sql: `SELECT n.nspname || '.' || c.relname FROM pg_class c
      JOIN pg_namespace n ON n.oid = c.relnamespace
      WHERE ${outside('n.nspname')} AND CASE
        WHEN c.relkind = 'S' THEN has_sequence_privilege(c.oid, 'USAGE, UPDATE')
        WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f') THEN
          has_table_privilege(c.oid, 'INSERT, UPDATE, DELETE, TRUNCATE')
          OR has_any_column_privilege(c.oid, 'INSERT, UPDATE') END
      ORDER BY 1 LIMIT 1000`,
  },
  {
    code: 'create-grant',
    writes: true,
    sql: `SELECT 'SCHEMA ' || nspname FROM pg_namespace
      WHERE ${outside('nspname')} AND has_schema_privilege(oid, 'CREATE')
      UNION ALL SELECT 'DATABASE ' || current_database()
      WHERE has_database_privilege(current_database(), 'CREATE')`,
  },
  {
    code: 'create-grant',
    writes: false,
    sql: `SELECT 'TEMPORARY' WHERE has_database_privilege(current_database(), 'TEMP')`,
  },
  {
    code: 'dangerous-extension',
    writes: false,
    sql: `SELECT extname FROM pg_extension WHERE extname IN ('adminpack', 'dblink', 'file_fdw',
      'http', 'lo', 'pageinspect', 'pg_cron', 'pg_net', 'pg_surgery', 'plperlu', 'plpython3u',
      'pltclu', 'postgres_fdw') ORDER BY 1`,
  },
  {
    code: 'definer-function',
    writes: false,
    sql: `SELECT n.nspname || '.' || p.proname FROM pg_proc p
      JOIN pg_namespace n ON n.oid = p.pronamespace
      WHERE p.prosecdef AND ${outside('n.nspname')}
        AND has_function_privilege(p.oid, 'EXECUTE') ORDER BY 1 LIMIT 1000`,
  },
]
