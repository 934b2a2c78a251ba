import type { CatalogTable } from '@t2t/sql-guard'
import { attacks, type Attack } from '../attack.ts'

/**
 * Tables with an index on a hidden column, and with parts by a hidden column: whoever names these
 * sees the rows in that order, or the rows that have such values.
 */
export const pickedSchema: readonly string[] = [
  'CREATE TABLE readers (id int PRIMARY KEY, name varchar(20), mail varchar(20), KEY by_mail (mail))',
  `INSERT INTO readers VALUES (1, 'Ada', 'ada@canary'), (2, 'Bo', 'bo@canary'), (3, 'Cy', 'cy@canary')`,
  'CREATE TABLE loans (id int, fee int) PARTITION BY RANGE (fee) (PARTITION low VALUES LESS THAN (50), PARTITION high VALUES LESS THAN (100))',
  'INSERT INTO loans VALUES (1, 10), (2, 60), (3, 70)',
]

/** Columns that the policy hides here. */
export const pickedColumns = ['readers.mail', 'loans.fee'] as const

/** Changes the hidden columns, and nothing else. */
export const otherPicked = `; UPDATE readers SET mail = 'zed@canary' WHERE id = 1; UPDATE loans SET fee = 99 WHERE id = 1`

export const pickedTables: readonly CatalogTable[] = [
  table('readers', ['id', 'name', 'mail']),
  table('loans', ['id', 'fee']),
]

export const pickedRows: readonly Attack[] = [
  ...attacks(38, 'leaks', [
    'SELECT id FROM readers FORCE INDEX (by_mail)',
    'SELECT id FROM readers USE KEY (by_mail) LIMIT 1',
    'SELECT r.id FROM attacked.readers AS r FORCE INDEX (`by_mail`)',
    'SELECT id FROM readers USE INDEX FOR JOIN (PRIMARY, by_mail) LIMIT 1',
    'SELECT GROUP_CONCAT(id) FROM (SELECT id FROM readers FORCE INDEX (by_mail) LIMIT 3) AS x',
    'WITH w AS (SELECT id FROM readers FORCE INDEX (by_mail) LIMIT 1) SELECT * FROM w',
    'SELECT (SELECT id FROM readers FORCE INDEX (by_mail) LIMIT 1) FROM customers',
  ]),
  ...attacks(39, 'leaks', [
    'SELECT id FROM loans PARTITION (low)',
    'SELECT count(*) FROM loans PARTITION (`high`)',
    'SELECT l.id FROM attacked.loans PARTITION (high) AS l ORDER BY l.id',
    'SELECT id FROM orders WHERE id IN (SELECT id FROM loans PARTITION (low))',
    'SELECT o.id FROM orders o JOIN loans PARTITION (low) USING (id)',
  ]),
]

function table(name: string, columns: readonly string[]): CatalogTable {
  return {
    schema: 'attacked',
    name,
    kind: 'table',
    columns: columns.map((column) => ({ name: column, type: 'text', isNullable: true })),
    primaryKey: columns.slice(0, 1),
    foreignKeys: [],
  }
}
