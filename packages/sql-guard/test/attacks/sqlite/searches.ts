import type { CatalogTable } from '@t2t/sql-guard'
import { attacks, type Attack } from '../attack.ts'

/** Full-text tables, of which one column is hidden: a search may name it in its own language. */
export const searchedSchema = `
  CREATE VIRTUAL TABLE manuals USING fts5(title, body);
  CREATE VIRTUAL TABLE letters USING fts4(title, body);
  INSERT INTO manuals VALUES ('canary', 'first'), ('open', 'second');
  INSERT INTO letters VALUES ('canary', 'first'), ('open', 'second');`

export const searchedColumns = ['manuals.title', 'letters.title'] as const

export const otherSearched = `; UPDATE manuals SET title = 'zebra zebra' WHERE rowid = 1; UPDATE letters SET title = 'zebra'`

export const searchedTables: readonly CatalogTable[] = ['manuals', 'letters'].map((name) => ({
  schema: 'main',
  name,
  kind: 'table',
  columns: ['title', 'body'].map((column) => ({ name: column, type: '', isNullable: true })),
  primaryKey: [],
  foreignKeys: [],
  isFullText: true,
}))

export const searches: readonly Attack[] = attacks(37, 'leaks', [
  `SELECT body FROM manuals WHERE manuals MATCH 'canary'`,
  `SELECT body FROM manuals WHERE manuals MATCH 'title : canary'`,
  `SELECT body FROM manuals WHERE "manuals" MATCH '{title}: can*'`,
  `SELECT body FROM main.manuals m WHERE m.manuals MATCH 'canary'`,
  `SELECT body FROM manuals WHERE title MATCH 'canary'`,
  `SELECT body FROM manuals WHERE manuals = 'canary'`,
  `SELECT body FROM manuals WHERE manuals.manuals == 'canary'`,
  `SELECT body FROM manuals('canary')`,
  `SELECT body FROM manuals WHERE match('canary', manuals)`,
  `SELECT body FROM letters WHERE letters MATCH 'canary'`,
  `SELECT body FROM letters WHERE body MATCH 'title:canary'`,
  `SELECT count(*) FROM letters WHERE body MATCH 'first title:canary'`,
  `SELECT bm25(manuals) FROM manuals WHERE body MATCH 'first'`,
  `SELECT body, rank FROM manuals WHERE manuals MATCH 'first OR canary'`,
  `SELECT highlight(manuals, 0, '', '') FROM manuals ORDER BY rowid`,
  `SELECT snippet(manuals, -1, '', '', '', 5) FROM manuals WHERE manuals MATCH 'canary OR zebra'`,
  `SELECT snippet(manuals, 0, '', '', '', 5) FROM manuals WHERE body MATCH 'first'`,
  `SELECT id FROM orders WHERE id IN (SELECT rowid FROM manuals WHERE manuals MATCH 'canary')`,
  `SELECT (SELECT body FROM manuals WHERE manuals MATCH 'canary') FROM customers`,
  `WITH w AS (SELECT rowid AS id FROM manuals WHERE manuals MATCH 'canary') SELECT * FROM w`,
  `SELECT o.id FROM orders o JOIN manuals m ON m.rowid = o.id AND m.manuals MATCH 'canary'`,
])
