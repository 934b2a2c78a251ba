import type { DialectName } from '@t2t/sql-guard'

/** Texts that no session may run, in every dialect. */
const everywhere: readonly string[] = [
  "INSERT INTO moons VALUES (99, 1, 'Fake')",
  "INSERT INTO moons VALUES (99, 1, 'Fake') RETURNING id",
  "UPDATE moons SET name = 'Fake'",
  'DELETE FROM moons',
  'DELETE FROM moons RETURNING id',
  'DROP TABLE moons',
  'CREATE TABLE fresh (id BIGINT)',
  'CREATE TEMP TABLE fresh (id BIGINT)',
  'CREATE TEMP VIEW fresh AS SELECT 1 AS id',
  'BEGIN',
  'COMMIT',
  'ROLLBACK',
  'SAVEPOINT mine',
  'SELECT 1; DELETE FROM moons',
  'SELECT 1; SELECT 2',
  '/* SELECT */ DELETE FROM moons',
  'ANALYZE',
  'VACUUM',
  'REINDEX',
  '',
  '-- nothing',
  'SELECT 1\0',
]

const byDialect: Readonly<Partial<Record<DialectName, readonly string[]>>> = {
  sqlite: [
    "ATTACH ':memory:' AS other",
    'DETACH main',
    "VACUUM INTO 'copy.db'",
    'PRAGMA user_version',
    'PRAGMA query_only = OFF',
    'PRAGMA main.query_only(0)',
    'PRAGMA "writable_schema" = ON',
    "SELECT * FROM pragma_table_info('moons')",
    "SELECT load_extension('x')",
    "SELECT writefile('x', 'y')",
    'WITH gone AS (SELECT 1) DELETE FROM moons',
    'CREATE VIRTUAL TABLE fresh USING fts5(a)',
  ],
  mysql: [
    'SET @@session.sql_mode = ""',
    'SET SESSION TRANSACTION READ WRITE',
    'START TRANSACTION READ WRITE',
    'USE mysql',
    'DO SLEEP(0)',
    'CALL mysql.nothing()',
    'LOCK TABLES moons WRITE',
    'FLUSH TABLES',
    'HANDLER moons OPEN',
    'KILL 1',
    "SELECT id FROM moons INTO OUTFILE '/tmp/t2t-moons.txt'",
    "SELECT 'x' INTO DUMPFILE '/tmp/t2t-moons.txt'",
    'SELECT id FROM moons LIMIT 1 INTO @mine',
    'SELECT id FROM moons FOR UPDATE; COMMIT',
    "PREPARE mine FROM 'SELECT 1'",
    "EXECUTE IMMEDIATE 'DELETE FROM moons'",
    'SET GLOBAL max_connections = 7',
    'SELECT 1 /*!; DELETE FROM moons */',
    'ANALYZE TABLE moons',
    '/*!50000 ANALYZE TABLE moons */',
    '-- SELECT\nREPAIR TABLE moons',
    'OPTIMIZE TABLE moons',
    '# (\nCHECK TABLE moons',
    'SHOW PROCESSLIST',
    'EXPLAIN DELETE FROM moons; DELETE FROM moons',
    "LOAD DATA LOCAL INFILE '/etc/hostname' INTO TABLE moons",
    "LOAD DATA INFILE '/etc/hostname' INTO TABLE moons",
    'CREATE TEMPORARY TABLE fresh (id BIGINT)',
    'ALTER TABLE moons ADD COLUMN fresh INT',
    'TRUNCATE TABLE moons',
  ],
  postgres: [
    'WITH gone AS (DELETE FROM moons RETURNING id) SELECT id FROM gone',
    'EXPLAIN ANALYZE DELETE FROM moons',
    'SELECT id INTO fresh FROM moons',
    'SELECT id FROM moons FOR UPDATE',
    'SET TRANSACTION READ WRITE',
    "SELECT set_config('transaction_read_only', 'off', false)",
    'SET statement_timeout = 7',
    'RESET ALL',
    'DISCARD ALL',
    'PREPARE mine AS SELECT 1',
    'DECLARE mine CURSOR WITH HOLD FOR SELECT 1',
    'LISTEN mine',
    'DO $$ BEGIN PERFORM 1; END $$',
    'COPY moons TO STDOUT',
    "COPY moons TO '/tmp/moons'",
    'LOCK TABLE moons',
  ],
}

/** Texts that can run, but whose effects must be gone when the reading ends. */
const effects: Readonly<Partial<Record<DialectName, readonly string[]>>> = {
  mysql: [
    'SELECT @mine := 7',
    "SELECT GET_LOCK('mine', 0)",
    'SELECT id FROM moons FOR UPDATE',
    'SELECT id FROM moons LOCK IN SHARE MODE',
    'SELECT LAST_INSERT_ID(7)',
  ],
  postgres: [
    "SELECT set_config('statement_timeout', '7', false)",
    "SELECT set_config('search_path', 'pg_catalog', false)",
    "SELECT set_config('default_transaction_read_only', 'off', false)",
    "SELECT set_config('TimeZone', 'Asia/Tokyo', false)",
    'SELECT pg_advisory_lock(7)',
    "SELECT pg_notify('mine', 'text')",
    'SELECT lo_creat(-1)',
  ],
}

/** Texts that a session must refuse or fail, changing nothing. */
export function hostileTexts(dialect: DialectName): readonly string[] {
  return [...everywhere, ...(byDialect[dialect] ?? [])]
}

/** Texts that may give rows, but must leave nothing behind. */
export function stickyTexts(dialect: DialectName): readonly string[] {
  return effects[dialect] ?? []
}
