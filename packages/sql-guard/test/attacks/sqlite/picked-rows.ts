import type { CatalogTable } from '@t2t/sql-guard'
import { attacks, type Attack } from '../attack.ts'
import { otherSearched, searchedColumns, searchedSchema, searchedTables } from './searches.ts'

/** A table with an index on a hidden column: whoever names it sees the rows in its order. */
export const sqliteExtras = `
  CREATE TABLE readers (id integer PRIMARY KEY, name text, mail text);
  CREATE INDEX readers_by_mail ON readers (mail);
  INSERT INTO readers VALUES (1, 'Ada', 'ada@canary'), (2, 'Bo', 'bo@canary'), (3, 'Cy', 'cy@canary');
  ${searchedSchema}`

/** Columns that the policy hides besides that of the world. */
export const hiddenReaders = ['readers.mail', ...searchedColumns] as const

/** Changes the hidden columns, and nothing else. */
export const otherReaders = `; UPDATE readers SET mail = 'zed@canary' WHERE id = 1${otherSearched}`

export const readersTables: readonly CatalogTable[] = [
  {
    schema: 'main',
    name: 'readers',
    kind: 'table',
    columns: ['id', 'name', 'mail'].map((name) => ({ name, type: 'text', isNullable: true })),
    primaryKey: ['id'],
    foreignKeys: [],
  },
  ...searchedTables,
]

export const pickedRows: readonly Attack[] = attacks(38, 'leaks', [
  'SELECT id FROM readers INDEXED BY readers_by_mail',
  'SELECT r.name FROM readers AS r INDEXED BY readers_by_mail LIMIT 1',
  'SELECT id FROM main.readers INDEXED BY "readers_by_mail"',
  'SELECT group_concat(name) FROM (SELECT name FROM readers INDEXED BY readers_by_mail)',
  'WITH w AS (SELECT name FROM readers INDEXED BY readers_by_mail) SELECT * FROM w',
  'SELECT (SELECT id FROM readers INDEXED BY readers_by_mail) FROM customers',
  'SELECT readers.id FROM readers INDEXED BY readers_by_mail JOIN orders ON orders.id = 1',
])
