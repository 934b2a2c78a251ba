import { DatabaseSync } from 'node:sqlite'
import { type Catalog, createSqlGuard, definePolicy, type PolicyInput } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { describe, expect, it } from 'vitest'
import { searchedSchema, searchedTables } from '../attacks/sqlite/searches.ts'

const database = new DatabaseSync(':memory:')
database.exec(searchedSchema)

const catalog: Catalog = {
  dialect: 'sqlite',
  version: 'searches',
  searchPath: ['main'],
  tables: [...searchedTables, { ...searchedTables[0]!, name: 'plain', isFullText: false }],
}

async function verdictOn(sql: string, input: PolicyInput = {}) {
  const policy = definePolicy(input)
  return (await createSqlGuard({ dialect: sqlite(), policy, catalog })).check(sql)
}

describe('a search in a full-text table', () => {
  it.for([
    `SELECT title FROM manuals WHERE manuals MATCH 'first'`,
    `SELECT m.title FROM manuals AS m WHERE m.manuals MATCH 'first' ORDER BY m.rank LIMIT 5`,
    `SELECT title, bm25(manuals, 10.0) AS score FROM manuals WHERE manuals MATCH 'first' ORDER BY score`,
    `SELECT highlight(manuals, 1, '[', ']') FROM manuals WHERE manuals MATCH 'first'`,
    `SELECT snippet(manuals, 1, '[', ']', '...', 8) FROM manuals WHERE body MATCH 'first'`,
    `SELECT title FROM letters WHERE body MATCH 'first'`,
    `SELECT title FROM manuals WHERE manuals = 'first'`,
    `WITH hits AS (SELECT rowid AS id, rank AS r FROM manuals WHERE manuals MATCH 'first') SELECT id FROM hits ORDER BY r`,
  ])('gives its rows where all columns may be read: %s', async (sql) => {
    const verdict = await verdictOn(sql)

    expect(verdict).toMatchObject({ kind: 'allowed' })
    expect(database.prepare(verdict.kind === 'allowed' ? verdict.sql : '').all()).toHaveLength(1)
  })

  it('reads all columns of the table', async () => {
    expect(await verdictOn(`SELECT 1 FROM manuals WHERE body MATCH 'first'`)).toMatchObject({
      reads: [{ columns: [{ column: 'body' }, { column: 'title', uses: ['filter'] }] }],
    })
  })

  it.for([
    ['masked', { columns: { mask: { 'manuals.title': 'redacted' } } }],
    ['blocked', { columns: { block: ['manuals.title'] } }],
    ['to be read in groups', { columns: { minGroupSize: { 'manuals.title': 3 } } }],
    ['of rows that are filtered', { rows: { filter: { manuals: 'rowid > 1' } } }],
  ] as const)('is refused where one of them is %s', async ([, input]) => {
    const verdict = await verdictOn(`SELECT body FROM manuals WHERE body MATCH 'first'`, input)

    expect(verdict.kind).toBe('refused')
  })

  it.for([
    `SELECT body FROM plain WHERE body MATCH 'title:first'`,
    `SELECT x.body FROM (SELECT * FROM manuals) x WHERE x.body MATCH 'first'`,
    `SELECT body FROM manuals WHERE body || '' MATCH 'first'`,
    `SELECT highlight('manuals', 0, '', '') FROM manuals`,
  ])('is refused where the catalog knows no such table: %s', async (sql) => {
    expect(await verdictOn(sql)).toMatchObject({
      findings: [{ code: 'construct-refused' }],
    })
  })

  it('is not part of a star', async () => {
    expect(await verdictOn('SELECT * FROM manuals')).toMatchObject({ output: ['title', 'body'] })
  })
})
