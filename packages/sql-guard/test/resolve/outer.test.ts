import { createSqlGuard, definePolicy } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const policy = definePolicy({ columns: { block: ['customers.email'] } })
const onPostgres = await createSqlGuard({
  dialect: postgres(),
  policy,
  catalog: toyCatalog('postgres'),
})
const onSqlite = await createSqlGuard({ dialect: sqlite(), policy, catalog: toyCatalog('sqlite') })
const blind = await Promise.all(
  [postgres(), sqlite(), mysql()].map((dialect) => createSqlGuard({ dialect, policy })),
)

describe('names of outer levels', () => {
  it.for([
    'SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM unnest(ARRAY[1, 2]) AS x WHERE x = c.id)',
    'SELECT name, (SELECT max(g) FROM generate_series(1, id) AS g) FROM customers',
    'SELECT c.name, e.value FROM customers c, jsonb_each_text(to_jsonb(c.name)) AS e',
    'SELECT name FROM customers c, LATERAL (SELECT n FROM generate_series(1, c.id) AS t (n)) AS l',
    'WITH g AS (SELECT * FROM generate_series(1, 3)) SELECT name FROM customers WHERE id IN (SELECT generate_series FROM g)',
    'SELECT name FROM customers c WHERE (SELECT sum(total) FROM orders o WHERE o.customer_id = c.id) > 10',
  ])('stay open behind functions and subqueries in PostgreSQL: %s', (sql) => {
    expect(onPostgres.check(sql)).toMatchObject({ kind: 'allowed' })
  })

  it.for([
    `SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM json_each('[1,2]') WHERE value = c.id)`,
    `SELECT name, (SELECT max(value) FROM json_each('[1,2]') WHERE value <= id) FROM customers`,
    'SELECT name FROM customers c WHERE (SELECT sum(total) FROM orders o WHERE o.customer_id = c.id) > 10',
  ])('stay open behind functions and subqueries in SQLite: %s', (sql) => {
    expect(onSqlite.check(sql)).toMatchObject({ kind: 'allowed' })
  })

  it('stay open without a catalog where no level hides them', () => {
    for (const guard of blind) {
      const verdict = guard.check(
        'SELECT name FROM customers c WHERE EXISTS (SELECT 1 FROM orders o WHERE o.customer_id = c.id AND total > 5)',
      )

      expect(verdict).toMatchObject({ kind: 'allowed' })
    }
  })

  it('are read through the alias of a function that gives the columns of a row', () => {
    const sql = 'SELECT (SELECT email FROM unnest(ARRAY[o]) AS email) FROM customers, orders o'

    expect(onPostgres.check(sql)).toMatchObject({
      kind: 'refused',
      findings: [{ code: 'column-refused' }],
    })
  })

  it('belong to the function alone where its alias is sure to be its column', () => {
    const sql = 'SELECT (SELECT max(email) FROM generate_series(1, 3) AS email) FROM customers'

    expect(onPostgres.check(sql).kind).toBe('allowed')
  })

  it('may be the key of a row in SQLite without a catalog', async () => {
    const guard = await createSqlGuard({
      dialect: sqlite(),
      policy: definePolicy({ columns: { block: ['customers.id'] } }),
    })

    for (const sql of ['SELECT rowid FROM customers', 'SELECT c._rowid_ FROM customers c']) {
      expect(guard.check(sql)).toMatchObject({
        kind: 'refused',
        findings: [{ code: 'column-untraceable' }],
      })
    }
    expect(guard.check('SELECT rowid FROM orders').kind).toBe('allowed')
  })
})

describe('columns that are not known', () => {
  const chain = (first: string, next: (before: string) => string) =>
    `WITH c0 AS (SELECT * FROM ${first})${Array.from({ length: 60 }, (_, index) => `, c${index + 1} AS (${next(`c${index}`)})`).join('')} SELECT n FROM c60`

  it.for([
    ['unions', (before: string) => `SELECT * FROM ${before} UNION ALL SELECT * FROM ${before}`],
    ['stars', (before: string) => `SELECT a.*, b.* FROM ${before} a JOIN ${before} b ON a.m = b.m`],
  ] as const)('are looked up once in each of many levels of %s', ([, next]) => {
    for (const guard of blind) expect(guard.check(chain('orders', next))).toHaveProperty('kind')
    // Each level doubles the lookups where they are not remembered: 2 to the 60th never end.
    expect(onPostgres.check(chain('unnest(ARRAY[1])', next))).toHaveProperty('kind')
    expect(onSqlite.check(chain(`json_each('[1]')`, next))).toHaveProperty('kind')
  })
})
