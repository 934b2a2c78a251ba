import { attacks, type Attack } from '../attack.ts'

/** A file that one of the attacks writes. */
export const outfile = '/tmp/t2t-clickhouse-attack'

const files = [
  `file('/etc/hostname', 'LineAsString')`,
  `file('/etc/hostname', 'LineAsString', 'line String')`,
]

const reaching: readonly string[] = [
  `url('http://127.0.0.1:1/x', 'CSV', 'a String')`,
  `hdfs('hdfs://127.0.0.1:1/x', 'CSV', 'a String')`,
  `mongodb('127.0.0.1:1', 'd', 't', 'u', 'p', 'a String')`,
  `redis('127.0.0.1:1', 'a', 'a String')`,
  `input('a String')`,
]

/** Functions in `FROM` that run here and show what no catalog lists, or more than it should. */
const showing: readonly string[] = [
  `merge('attacked', 'secrets')`,
  `merge('secrets')`,
  `view(SELECT * FROM secrets)`,
  `viewIfPermitted(SELECT * FROM secrets ELSE null('id Int32, value String'))`,
  `mergeTreeIndex('attacked', 'secrets')`,
  `format('CSV', 'a String', 'x')`,
  `values('a String', 'x')`,
  `null('a String')`,
  `generateRandom('a String', 1, 2, 3)`,
  `loop('attacked', 'secrets')`,
  `primes(3)`,
  `zeros_mt(3)`,
]

const sleeping = ['sleep(0.001)', 'sleepEachRow(0.001)']

const telling: readonly string[] = [
  'currentUser()',
  'user()',
  'USER()',
  'current_user()',
  'currentDatabase()',
  'DATABASE()',
  'schema()',
  'currentRoles()',
  'enabledRoles()',
  'defaultRoles()',
  'currentProfiles()',
  'hostName()',
  'hostname()',
  'FQDN()',
  'version()',
  'VERSION()',
  'uptime()',
  'timezone()',
  'serverTimezone()',
  'serverUUID()',
  'tid()',
  `getSetting('max_threads')`,
  `getSettingOrDefault('x', 1)`,
  `getOSKernelVersion()`,
  'filesystemAvailable()',
  'filesystemCapacity()',
  'queryID()',
  'initialQueryID()',
  'connectionId()',
  'buildId()',
  'revision()',
  'shardNum()',
  `hasColumnInTable('attacked', 'secrets', 'value')`,
  `errorCodeToName(1)`,
  `isConstant(1) + throwIf(0)`,
  `formatQuery('SELECT 1')`,
  `obfuscateQuery('SELECT 1')`,
  `demangle('x')`,
  `formatRow('CSV', 1)`,
  `initializeAggregation('sum', 1)`,
  `globalVariable('version')`,
  `displayName()`,
  `blockSize()`,
  `logTrace('x')`,
]

const system: readonly string[] = [
  'system.tables',
  'system.columns',
  'system.settings',
  'system.processes',
  'system.functions',
  'system.one',
  '`system`.`tables`',
  'system . "tables"',
  'information_schema.tables',
  'INFORMATION_SCHEMA.TABLES',
  'information_schema.columns',
]

const statements: readonly (readonly [number, readonly string[]])[] = [
  [
    3,
    [
      'INSERT INTO orders VALUES (9, 9, 9)',
      'INSERT INTO orders SELECT 9, 9, 9',
      'WITH 1 AS x INSERT INTO orders SELECT 8, x, 8',
    ],
  ],
  [
    3,
    [
      'ALTER TABLE orders UPDATE total = 0 WHERE id = 9',
      'ALTER TABLE orders DELETE WHERE id = 9',
      'DELETE FROM orders WHERE id = 9',
    ],
  ],
  [
    9,
    [
      'SET max_threads = 2',
      'USE attacked',
      `KILL QUERY WHERE query_id = 'none'`,
      'SYSTEM DROP MARK CACHE',
      'SYSTEM FLUSH LOGS',
    ],
  ],
  [
    10,
    [
      'CREATE TABLE a1 (x Int8) ENGINE = Memory',
      'CREATE TEMPORARY TABLE a2 (x Int8)',
      'CREATE DATABASE a3',
      'CREATE VIEW a4 AS SELECT 1',
      'CREATE FUNCTION plus_one AS (x) -> x + 1',
      'RENAME TABLE a1 TO a5',
      'OPTIMIZE TABLE orders FINAL',
      'TRUNCATE TABLE a5',
      'DROP TABLE a5',
      'DETACH TABLE a4',
      'ATTACH TABLE a4',
      'DROP VIEW IF EXISTS a4',
    ],
  ],
  [
    4,
    [
      'EXPLAIN SELECT 1',
      'EXPLAIN AST SELECT 1',
      'EXPLAIN SYNTAX SELECT 1',
      'EXPLAIN QUERY TREE SELECT 1',
      'EXPLAIN PIPELINE SELECT 1',
      'EXPLAIN ESTIMATE SELECT * FROM orders',
      'DESCRIBE TABLE secrets',
      'DESC secrets',
      'SHOW TABLES',
      'SHOW CREATE TABLE secrets',
      'SHOW DATABASES',
      'EXISTS TABLE secrets',
      'CHECK TABLE orders',
      `SHOW SETTINGS LIKE 'max_threads'`,
    ],
  ],
  [5, [`SELECT 1 INTO OUTFILE '${outfile}' TRUNCATE FORMAT CSV`]],
  [
    9,
    [
      'SELECT 1 SETTINGS max_threads = 1',
      'SELECT * FROM (SELECT 1 SETTINGS max_threads = 1)',
      'SELECT 1 FORMAT JSON',
      'SELECT 1 FORMAT Null',
      'SELECT 1 UNION ALL SELECT 2 FORMAT CSV',
    ],
  ],
  [
    12,
    [
      'SELECT ‘quoted’',
      'SELECT “id” FROM orders',
      'SELECT 3 − 1',
      'SELECT $$it$$',
      'SELECT $a$it$a$',
      'SELECT `i\\x64` FROM orders',
      'SELECT "i\\x64" FROM orders',
      'SELECT @@version',
      'FROM orders SELECT id',
    ],
  ],
  [
    43,
    [
      'SELECT count() FROM numbers(2000000)',
      'SELECT count() FROM numbers(1000000000, 2000000)',
      'WITH 2000000 AS n SELECT length(range(n))',
      'SELECT length(range(2000000))',
      `SELECT length(repeat('abc', 900000))`,
      `WITH 900000 AS n SELECT length(repeat('abc', n))`,
      'SELECT length(arrayWithConstant(2000000, 1))',
      'SELECT count() FROM numbers(2000) AS a, numbers(2000) AS b',
      'SELECT count() FROM zeros(2000000)',
      'SELECT count() FROM generateSeries(1, 2000000)',
    ],
  ],
]

/** Everything that acts, reaches out, or tells about the server. */
export const actingAttacks: readonly Attack[] = [
  ...attacks(
    18,
    'runs',
    files.map((from) => `SELECT count() FROM ${from}`),
  ),
  ...attacks(
    21,
    'plans',
    reaching.map((from) => `SELECT * FROM ${from}`),
  ),
  ...attacks(
    21,
    'runs',
    showing.map((from) => `SELECT * FROM ${from} LIMIT 1`),
  ),
  ...attacks(
    42,
    'runs',
    sleeping.map((call) => `SELECT ${call}`),
  ),
  ...attacks(
    25,
    'runs',
    telling.map((call) => `SELECT ${call}`),
  ),
  ...attacks(
    34,
    'runs',
    system.map((from) => `SELECT count() FROM ${from}`),
  ),
  ...statements.flatMap(([vector, texts]) => attacks(vector, 'runs', texts)),
]
