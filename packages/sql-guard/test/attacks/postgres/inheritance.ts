import type { CatalogTable } from '@t2t/sql-guard'
import { type Attack, hiddenAttacks } from '../attack.ts'

/** Tables that are parts of others: by inheritance, and as partitions. */
export const partsSchema = `
  CREATE TABLE staff (id integer, name text, email text);
  CREATE TABLE managers (bonus integer) INHERITS (staff);
  CREATE TABLE chiefs () INHERITS (managers);
  CREATE TABLE visits (id integer, place text) PARTITION BY LIST (id);
  CREATE TABLE visits_1 PARTITION OF visits FOR VALUES IN (1);
  CREATE TABLE reports (id integer, body text);
  CREATE TABLE private_reports (reader text) INHERITS (reports);
  CREATE VIEW all_reports AS SELECT id, body FROM reports;
  CREATE VIEW open_reports AS SELECT id, body FROM ONLY reports;
  INSERT INTO staff VALUES (1, 'Ada', 'ada@canary');
  INSERT INTO managers VALUES (2, 'Bo', 'bo@canary', 5);
  INSERT INTO chiefs VALUES (3, 'Cy', 'cy@canary', 6);
  INSERT INTO visits VALUES (1, 'canary');
  INSERT INTO reports VALUES (1, 'open');
  INSERT INTO private_reports VALUES (2, 'canary', 'Ada');`

/** Changes what the policy hides in these tables, and nothing else. */
export const otherParts = `
  ; UPDATE staff SET email = 'zed@canary' || id;
  UPDATE visits SET place = 'zebra';
  INSERT INTO visits VALUES (1, 'yak');
  UPDATE private_reports SET body = 'zebra';
  INSERT INTO private_reports VALUES (9, 'yak', 'Bo')`

/** Hides a column of a parent, a parent, and a child. */
export const hiddenParts = {
  tables: ['visits', 'private_reports'],
  columns: ['staff.email'],
} as const

export const partsTables: readonly CatalogTable[] = [
  table('staff', ['id', 'name', 'email']),
  table('managers', ['id', 'name', 'email', 'bonus'], { parents: parents('staff') }),
  table('chiefs', ['id', 'name', 'email', 'bonus'], { parents: parents('managers') }),
  table('visits', ['id', 'place']),
  table('visits_1', ['id', 'place'], { parents: parents('visits') }),
  table('reports', ['id', 'body']),
  table('private_reports', ['id', 'body', 'reader'], { parents: parents('reports') }),
  table('all_reports', ['id', 'body'], {
    kind: 'view',
    definition: 'SELECT reports.id, reports.body FROM reports',
  }),
  table('open_reports', ['id', 'body'], {
    kind: 'view',
    definition: 'SELECT reports.id, reports.body FROM ONLY reports',
  }),
]

export const partsAttacks: readonly Attack[] = hiddenAttacks(39, 'leaks', [
  'SELECT email FROM managers ORDER BY id',
  'SELECT * FROM managers ORDER BY id',
  'SELECT m FROM managers m ORDER BY id',
  'SELECT m::staff FROM managers m ORDER BY id',
  'SELECT (m::staff).email FROM managers m ORDER BY id',
  'SELECT email FROM ONLY public.chiefs',
  'SELECT c.email FROM chiefs AS c',
  `SELECT id FROM chiefs WHERE email LIKE 'cy%'`,
  'SELECT max(email) FROM chiefs',
  `SELECT id FROM managers NATURAL JOIN (SELECT 'bo@canary' AS email) g`,
  'SELECT a.c FROM managers AS a (x, y, c) ORDER BY x',
  'SELECT * FROM visits_1 ORDER BY place',
  'SELECT count(*) FROM visits_1',
  'SELECT place FROM ONLY "visits_1" ORDER BY 1',
  'SELECT count(*) FROM public.visits_1 TABLESAMPLE bernoulli (100)',
  'SELECT v::visits FROM visits_1 v ORDER BY place',
  'SELECT body FROM reports ORDER BY body',
  'SELECT count(*) FROM reports',
  'SELECT body FROM reports * ORDER BY body',
  'TABLE reports ORDER BY body',
  'SELECT r FROM reports r ORDER BY body',
  'WITH w AS (SELECT * FROM reports) SELECT max(body) FROM w',
  'SELECT (SELECT count(*) FROM reports) FROM orders ORDER BY 1',
  'SELECT body FROM all_reports ORDER BY body',
  'SELECT count(*) FROM all_reports',
  'SELECT count(*) FROM orders o LEFT JOIN (customers c2 JOIN reports r ON true) ON true',
])

/** Honest texts on the same tables. */
export const partsTwins: readonly string[] = [
  'SELECT id, name, bonus FROM managers ORDER BY id',
  'SELECT name FROM staff ORDER BY id',
  'SELECT body FROM ONLY reports ORDER BY body',
  'SELECT count(*) FROM ONLY (reports)',
  'SELECT body FROM open_reports',
]

function table(
  name: string,
  columns: readonly string[],
  more: Partial<CatalogTable> = {},
): CatalogTable {
  return {
    schema: 'public',
    name,
    kind: 'table',
    columns: columns.map((column) => ({ name: column, type: 'text', isNullable: true })),
    primaryKey: [],
    foreignKeys: [],
    ...more,
  }
}

function parents(name: string): CatalogTable['parents'] {
  return [{ schema: 'public', table: name }]
}
