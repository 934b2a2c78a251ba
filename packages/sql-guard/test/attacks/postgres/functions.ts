import { attacks, type Attack, hiddenAttacks } from '../attack.ts'

/** Calls that are run in a transaction that is rolled back. */
const harmless: readonly (readonly [number, readonly string[]])[] = [
  [
    18,
    [
      `pg_read_file('PG_VERSION')`,
      `pg_read_binary_file('PG_VERSION')`,
      `pg_ls_dir('.')`,
      `pg_stat_file('PG_VERSION')`,
      'pg_ls_waldir()',
      'pg_ls_tmpdir()',
      'pg_current_logfile()',
    ],
  ],
  [19, [`lo_from_bytea(0, 'x')`, 'lo_creat(-1)', 'lo_create(0)', `lo_import('/etc/hostname')`]],
  [
    20,
    [
      `query_to_xml('SELECT value FROM secrets', true, true, '')`,
      `query_to_xmlschema('SELECT * FROM secrets', true, true, '')`,
      `query_to_xml_and_xmlschema('SELECT * FROM secrets', true, true, '')`,
      `table_to_xml('secrets', true, true, '')`,
      `schema_to_xml('public', true, true, '')`,
      `database_to_xml(true, true, '')`,
      `ts_stat('SELECT to_tsvector(value) FROM secrets')`,
      `ts_rewrite('a'::tsquery, 'SELECT ''a''::tsquery, to_tsquery(value) FROM secrets')`,
    ],
  ],
  [
    23,
    [
      `set_config('a.b', 'c', true)`,
      `set_config('role', 'postgres', true)`,
      'pg_advisory_xact_lock(1)',
      'pg_try_advisory_xact_lock(1)',
      'pg_advisory_xact_lock_shared(1)',
      'setseed(0.5)',
    ],
  ],
  [
    24,
    [`nextval('numbers')`, `setval('numbers', 5)`, 'lastval()', `currval('numbers')`].filter(
      (call) => call.startsWith('next') || call.startsWith('setval'),
    ),
  ],
  [
    25,
    [
      'txid_current()',
      'pg_current_xact_id()',
      'pg_export_snapshot()',
      'pg_stat_clear_snapshot()',
      'pg_trigger_depth()',
      'pg_postmaster_start_time()',
      'pg_conf_load_time()',
      'pg_current_wal_lsn()',
      `pg_xact_status('3')`,
      'pg_is_in_recovery()',
      'pg_blocking_pids(0)',
      `pg_database_size('postgres')`,
      'pg_get_keywords()',
      'pg_control_system()',
      'pg_show_all_settings()',
      'pg_stat_get_activity(NULL)',
      'pg_hba_file_rules()',
      'pg_config()',
    ],
  ],
  [26, ['leak_secrets()', 'public.leak_secrets()']],
  [27, [`pg_notify('a', 'b')`, `pg_logical_emit_message(true, 'a', 'b')`]],
  [42, ['pg_sleep(0)', `pg_sleep_for('0 s')`, 'pg_sleep_until(now())']],
  [43, [`repeat('a', 2000000)`]],
]

/** Calls that would harm the engine of the test, and so are planned only. */
const harmful: readonly (readonly [number, readonly string[]])[] = [
  [18, ['pg_ls_logdir()', `lo_export(1, '/tmp/never')`, `pg_read_file('/etc/hostname')`]],
  [
    23,
    [
      'pg_advisory_lock(1)',
      'pg_try_advisory_lock(1)',
      'pg_advisory_lock_shared(1)',
      'pg_advisory_unlock_all()',
    ],
  ],
  [
    25,
    [
      'pg_terminate_backend(0)',
      'pg_cancel_backend(0)',
      'pg_reload_conf()',
      'pg_rotate_logfile()',
      'pg_switch_wal()',
      'pg_stat_reset()',
      `pg_stat_reset_shared('bgwriter')`,
      `pg_create_restore_point('a')`,
      `pg_backup_start('a')`,
      'pg_backup_stop()',
      `pg_import_system_collations('public')`,
      'gin_clean_pending_list(0)',
      'pg_promote()',
      'pg_wal_replay_pause()',
      `pg_create_physical_replication_slot('a')`,
      `pg_drop_replication_slot('a')`,
      'pg_log_backend_memory_contexts(0)',
      `pg_replication_origin_create('a')`,
      'brin_summarize_new_values(0)',
      'lo_unlink(1)',
      `lo_put(1, 0, 'a')`,
    ],
  ],
  [42, ['pg_sleep(1e9)', `pg_sleep_for('1 year')`]],
]

/** Ways to write a call; each is another path through a tree. */
const spellings: readonly ((call: string) => string)[] = [
  (call) => `SELECT ${call}`,
  (call) => `SELECT * FROM ${call} AS f`,
  (call) => `SELECT count(*) FROM orders WHERE EXISTS (SELECT ${call})`,
]

const twisted: readonly ((name: string, rest: string) => string)[] = [
  (name, rest) => `SELECT pg_catalog.${name}${rest}`,
  (name, rest) => `SELECT "${name}"${rest}`,
  (name, rest) => `SELECT ${name.toUpperCase()}${rest}`,
  (name, rest) => `SELECT ${name} /**/ ${rest}`,
  (name, rest) => `SELECT U&"${name.replace('_', '\\005F')}"${rest}`,
  (name, rest) => `SELECT x FROM LATERAL ${name}${rest} AS x`,
  (name, rest) => `SELECT x.* FROM ROWS FROM (${name}${rest}) WITH ORDINALITY AS x`,
  (name, rest) => `VALUES (ROW(ROW(${name}${rest})))`,
  (name, rest) => `SELECT ARRAY[${name}${rest}]`,
  (name, rest) => `SELECT CASE WHEN true THEN ${name}${rest} END`,
  (name, rest) => `WITH w AS (SELECT ${name}${rest} AS a) SELECT a FROM w`,
  (name, rest) => `SELECT id FROM orders ORDER BY ${name}${rest}`,
  (name, rest) => `SELECT count(*) FROM orders GROUP BY ${name}${rest}`,
  (name, rest) => `SELECT count(*) FROM orders HAVING ${name}${rest} IS NOT NULL`,
  (name, rest) => `SELECT id FROM orders LIMIT length(${name}${rest})`,
  (name, rest) => `SELECT count(*) FILTER (WHERE ${name}${rest} IS NULL) FROM orders`,
  (name, rest) => `SELECT sum(id) OVER (PARTITION BY ${name}${rest}) FROM orders`,
  (name, rest) => `SELECT 1 WHERE ${name}${rest} IN ('a')`,
  (name, rest) => `SELECT 1 WHERE EXISTS (SELECT ${name}${rest})`,
  (name, rest) => `SELECT DISTINCT ON (${name}${rest}) 1 FROM orders`,
  (name, rest) => `SELECT o.id FROM orders o JOIN customers c ON ${name}${rest} IS NOT NULL`,
  (name, rest) => `SELECT coalesce(nullif(greatest(${name}${rest}, 'a'), 'b'), 'c')`,
  (name, rest) => `SELECT string_agg('a', ${name}${rest} ORDER BY 1)`,
  (name, rest) => `SELECT (ARRAY['a'])[length(${name}${rest})]`,
]

export const actingFunctions: readonly Attack[] = [
  ...harmless.flatMap(([vector, calls]) =>
    attacks(
      vector,
      'runs',
      calls.flatMap((call) => spellings.map((spell) => spell(call))),
    ),
  ),
  ...harmful.flatMap(([vector, calls]) =>
    attacks(
      vector,
      'plans',
      calls.flatMap((call) => spellings.map((spell) => spell(call))),
    ),
  ),
  ...attacks(
    14,
    'runs',
    twisted.map((twist) => twist('pg_read_file', `('PG_VERSION')`)),
  ),
  ...attacks(
    26,
    'runs',
    [
      'SELECT 1 OPERATOR(public.<<<>>>) 2',
      'SELECT 1 <<<>>> 2',
      'SELECT leak_secrets(VARIADIC ARRAY[]::text[])',
      'SELECT (c).leak_row FROM customers c',
      'SELECT leak_row(c) FROM customers c',
    ].filter((sql) => !sql.includes('VARIADIC')),
  ),
  ...hiddenAttacks(26, 'runs', ['SELECT c.leak_row FROM customers c']),
]
