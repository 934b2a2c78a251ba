import { DatabaseSync } from 'node:sqlite'
import { createSqlGuard, definePolicy, type Verdict } from '@t2t/sql-guard'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog, toySchema } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const guard = await createSqlGuard({
  dialect: sqlite(),
  policy: definePolicy({
    tables: { block: ['secrets'] },
    columns: { block: ['customers.email'] },
  }),
  catalog: toyCatalog('sqlite'),
})
const database = new DatabaseSync(':memory:')
database.exec(toySchema)

function codes(verdict: Verdict): readonly string[] {
  return verdict.kind === 'allowed' ? [] : verdict.findings.map(({ code }) => code)
}

describe('the guard for SQLite', () => {
  it.for([
    ['a table after IN', `SELECT id FROM orders WHERE 'canary' IN (SELECT value FROM secrets)`],
    ['brackets as quotes', 'SELECT value FROM [secrets]'],
    ['backticks', 'SELECT value FROM `secrets`'],
    ['a string as a name', `SELECT value FROM 'secrets'`],
    ['another case', 'SELECT VALUE FROM SecretS'],
    ['a schema', 'WITH secrets AS (SELECT 1) SELECT value FROM main.secrets'],
    ['a parenthesised join', 'SELECT value FROM (orders JOIN (customers JOIN secrets))'],
    ['a comma', 'SELECT secrets.value FROM orders, secrets'],
    [
      'an aggregate order',
      `SELECT group_concat(id, ',' ORDER BY (SELECT value FROM secrets)) FROM orders`,
    ],
  ] as const)('refuses a blocked table behind %s, which SQLite reads', ([, text]) => {
    const rows = database.prepare(text).all()

    expect(rows.length).toBeGreaterThan(0)
    expect(codes(guard.check(text))).toContain('table-refused')
  })

  it.for([
    ['NATURAL JOIN', `SELECT id FROM customers NATURAL JOIN (SELECT 'ada@mail.example' AS email)`],
    ['USING', `SELECT id FROM customers JOIN (SELECT 'ada@mail.example' AS email) USING (email)`],
    [
      'NATURAL after a comma',
      `SELECT c.id FROM orders o, customers c NATURAL JOIN (SELECT 'ada@mail.example' AS email, 10 AS total)`,
    ],
    ['an alias in WHERE', `SELECT id, email AS m FROM customers WHERE m LIKE 'a%'`],
    ['a compound', 'SELECT name FROM customers UNION SELECT email FROM customers'],
    ['a star in a subquery', 'SELECT count(*) FROM (SELECT * FROM customers)'],
    ['a table after IN', `SELECT 1 WHERE (1, 'Ada', 'ada@mail.example', 'UK') IN customers`],
  ] as const)('refuses a blocked column behind %s, which SQLite reads', ([, text]) => {
    const rows = database.prepare(text).all()

    expect(rows.length).toBeGreaterThan(0)
    expect(codes(guard.check(text))).toContain('column-refused')
  })

  it.for([
    ['the schema', 'SELECT sql FROM sqlite_master'],
    ['a pragma as a function', `SELECT name FROM pragma_table_info('secrets')`],
    ['a pragma as a table', 'SELECT name FROM pragma_table_list'],
    ['a large blob', 'SELECT randomblob(100)'],
    ['a change of the database', `ATTACH ':memory:' AS other`],
    ['a pragma', 'PRAGMA table_list'],
    ['a copy of the database', `VACUUM INTO ':memory:'`],
    ['a second statement behind a backslash', `SELECT '\\'; DELETE FROM orders; --'`],
  ] as const)('refuses %s, which SQLite runs', ([, text]) => {
    const run = () => database.prepare(text).all()

    expect(run).not.toThrow()
    expect(guard.check(text).kind).toBe('refused')
  })

  it('makes a string of a quoted name that no column has', () => {
    const verdict = guard.check(`SELECT name FROM customers WHERE name = "Ada" OR name = "it's"`)

    expect(verdict).toMatchObject({
      sql: `SELECT name FROM customers WHERE name = 'Ada' OR name = 'it''s'\nLIMIT 1000`,
    })
  })

  it('takes no quoted name for a string where a column is meant', () => {
    expect(codes(guard.check('SELECT "nmae" FROM customers'))).toEqual(['column-unknown'])
  })

  it('takes the row id for the integer key', async () => {
    const keyed = await createSqlGuard({
      dialect: sqlite(),
      policy: definePolicy({ columns: { block: ['orders.id'] } }),
      catalog: toyCatalog('sqlite'),
    })

    for (const name of ['rowid', 'oid', '_rowid_', 'orders.rowid']) {
      expect(codes(keyed.check(`SELECT ${name} FROM orders`))).toEqual(['column-refused'])
    }
  })

  it.for([
    `SELECT strftime('%Y', placed_on) AS year, round(avg(total), 2) FROM orders GROUP BY year HAVING count(*) > 0 ORDER BY year`,
    `SELECT name, CASE WHEN country = 'UK' THEN 'here' ELSE 'there' END AS place FROM customers WHERE place = 'here'`,
    'SELECT c.name, total(o.total) FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id',
    'WITH t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t',
    'WITH b AS (SELECT n FROM a), a (n) AS (SELECT 7) SELECT n FROM b',
    `SELECT e.value FROM orders, json_each('[1,2]') AS e LIMIT 3, 2`,
    'SELECT id FROM orders WHERE id IN (SELECT id FROM customers) AND total BETWEEN 1 AND 100 EXCEPT SELECT 99',
    `SELECT count(*) FROM orders WHERE placed_on >= date('now', '-1 month') OR TRUE`,
    'SELECT max(total) FROM orders ORDER BY max(total)',
    'VALUES (1, 2), (3, 4)',
  ])('gives the same rows for %s', (text) => {
    const verdict = guard.check(text)

    expect(verdict).toMatchObject({ kind: 'allowed' })
    const sql = verdict.kind === 'allowed' ? verdict.sql : ''
    expect(database.prepare(sql).all()).toEqual(database.prepare(text).all())
  })
})
