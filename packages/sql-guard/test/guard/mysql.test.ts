import { createSqlGuard, definePolicy, type Verdict } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const guard = await createSqlGuard({
  dialect: mysql(),
  policy: definePolicy({ columns: { mask: { 'customers.email': 'last-4' } } }),
  catalog: toyCatalog('mysql'),
})

function codes(verdict: Verdict): readonly string[] {
  return verdict.kind === 'allowed' ? [] : verdict.findings.map(({ code }) => code)
}

describe('the guard for MySQL', () => {
  it.for([
    [
      'double quotes',
      'SELECT id FROM orders WHERE id = "1"',
      `SELECT id FROM orders WHERE id = '1'`,
    ],
    ['an escaped quote', `SELECT 'it\\'s' AS a`, `SELECT 'it''s' AS a`],
    ['a quote in double quotes', `SELECT "it's" AS a`, `SELECT 'it''s' AS a`],
  ] as const)('writes %s so that no setting changes it', ([, sql, written]) => {
    expect(guard.check(sql)).toMatchObject({ sql: `${written}\nLIMIT 1000` })
  })

  it('masks without an operator that a setting changes', () => {
    expect(guard.check('SELECT email FROM customers')).toMatchObject({
      sql: "SELECT concat('***', right(CAST(`email` AS char), 4)) AS `email` FROM customers\nLIMIT 1000",
    })
  })

  it.for([
    [
      'a common table that comes later',
      'WITH a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a',
    ],
    [
      'the same with RECURSIVE',
      'WITH RECURSIVE a AS (SELECT * FROM b), b AS (SELECT 1) SELECT * FROM a',
    ],
    ['a comment that runs', 'SELECT 1 /*! + 1 */'],
    ['minus signs without a blank', 'SELECT 1--1'],
    ['a variable', 'SELECT @a := 1'],
    ['INTO', "SELECT 1 INTO OUTFILE '/tmp/never'"],
    ['a lock', 'SELECT id FROM orders FOR UPDATE'],
  ] as const)('refuses %s', ([, sql]) => {
    expect(codes(guard.check(sql))).toContain('construct-refused')
  })

  it.for([
    "SELECT DATE_FORMAT(placed_on, '%Y-%m') AS month, SUM(total) FROM orders GROUP BY month WITH ROLLUP",
    'SELECT id FROM orders WHERE placed_on >= NOW() - INTERVAL 1 MONTH AND total DIV 2 > 3 LIMIT 5, 10',
    'SELECT c.name, GROUP_CONCAT(o.id ORDER BY o.id SEPARATOR ";") FROM customers c LEFT JOIN orders o ON o.customer_id = c.id GROUP BY c.id',
    'SELECT name, ROW_NUMBER() OVER (PARTITION BY country ORDER BY id DESC) AS n FROM customers',
    'SELECT `order`.id FROM orders AS `order` WHERE `order`.total BETWEEN 1 AND 2 OR NOT EXISTS (SELECT 1 FROM customers)',
    '(SELECT id FROM orders) UNION ALL (SELECT id FROM customers) ORDER BY id LIMIT 3',
    'SELECT CAST(total AS DECIMAL(10, 2)), TIMESTAMPDIFF(DAY, placed_on, CURDATE()), IF(id > 1, 1, 0) FROM orders',
    'SELECT DISTINCT YEAR(placed_on) FROM orders USE INDEX (PRIMARY) ORDER BY 1',
    "SELECT id FROM orders WHERE JSON_EXTRACT('{\"a\": 1}', '$.a') = 1 OR 'a' REGEXP '^a' OR id <=> NULL",
    'SELECT CASE WHEN total > 10 THEN "large" ELSE "small" END AS size, COUNT(*) FROM orders GROUP BY size HAVING COUNT(*) > 1',
    'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t',
  ])('allows %s', (sql) => {
    expect(guard.check(sql)).toMatchObject({ kind: 'allowed' })
  })
})
