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
    ['SELECT * FROM customers T1', /`T1`.`name`/],
    ['SELECT T1.email FROM customers AS T1', /CAST\(`T1`.`email` AS char\)/],
    ['SELECT Customers.email FROM Customers', /CAST\(`Customers`.`email` AS char\)/],
    ['SELECT T1.*, T2.n FROM customers T1 JOIN (SELECT 1 AS n) T2', /`T1`.`name`/],
  ] as const)('writes an alias in its own case: %s', ([sql, written]) => {
    const verdict = guard.check(sql)

    expect(verdict.kind === 'allowed' ? verdict.sql : verdict.findings).toMatch(written)
  })

  it.for([
    'SELECT id FROM customers FORCE INDEX (by_email)',
    'SELECT id FROM customers c USE INDEX (by_email, PRIMARY)',
    'SELECT id FROM customers PARTITION (p0)',
  ])('refuses to pick rows by a column that is hidden: %s', (sql) => {
    expect(codes(guard.check(sql))).toEqual(['column-untraceable'])
  })

  it('takes a capital X for the beginning of a name', () => {
    expect(codes(guard.check('SELECT 0X41 FROM customers'))).toEqual(['construct-refused'])
    expect(guard.check('SELECT 0x41 FROM customers')).toMatchObject({ kind: 'allowed' })
  })

  it.for([
    'SELECT id FROM customers FORCE INDEX (PRIMARY)',
    'SELECT id FROM customers USE INDEX ()',
    'SELECT id FROM orders USE INDEX (by_total)',
  ])('leaves other hints alone: %s', (sql) => {
    expect(guard.check(sql)).toMatchObject({ kind: 'allowed' })
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
    ['a variable that is set', 'SELECT @a := 1'],
    ['a variable that is set far behind its name', 'SELECT @a\n\n := 1'],
    ['a character set that is not known', "SELECT _none'a'"],
    ['INTO', "SELECT 1 INTO OUTFILE '/tmp/never'"],
    ['a lock', 'SELECT id FROM orders FOR UPDATE'],
  ] as const)('refuses %s', ([, sql]) => {
    expect(codes(guard.check(sql))).toContain('construct-refused')
  })

  it.for(['SELECT @a', 'SELECT @@version', "SELECT @'a b' + 1", 'SELECT @@global.datadir'])(
    'refuses a variable that is read: %s',
    (sql) => {
      expect(codes(guard.check(sql))).toEqual(['function-refused'])
    },
  )

  it.for([
    ['a condition', 'SELECT c.id FROM customers c LEFT JOIN orders o'],
    ['joins inside', 'SELECT c.id FROM customers c LEFT JOIN orders o JOIN orders p ON 1 = 1'],
  ] as const)('refuses an outer join without %s', ([, sql]) => {
    expect(codes(guard.check(sql))).not.toEqual([])
  })

  it('leaves the limit to the reader where none can be appended', () => {
    expect(guard.check('SELECT id FROM orders OFFSET 1 ROWS')).toMatchObject({
      sql: 'SELECT id FROM orders OFFSET 1 ROWS',
      rowLimit: 'reader',
    })
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
    "SELECT o.id, j.size FROM orders o, JSON_TABLE(CONCAT('[', o.id, ']'), '$[*]' COLUMNS (size INT PATH '$' DEFAULT '0' ON EMPTY, n FOR ORDINALITY, NESTED PATH '$.a' COLUMNS (b TEXT EXISTS PATH '$'))) AS j",
    'SELECT name, PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY id) OVER (PARTITION BY country) FROM customers',
    "SELECT GROUP_CONCAT(id ORDER BY id SEPARATOR ',' LIMIT 3) FROM orders",
    "SELECT REPEAT('x', 3), GET_FORMAT(DATE, 'USA'), INTERVAL(5, 1, 10), WEIGHT_STRING('a' LEVEL 1-2)",
    'SELECT id FROM orders ORDER BY id OFFSET 1 ROWS FETCH NEXT 2 ROWS ONLY',
    'SELECT id FROM orders ORDER BY id FETCH FIRST ROW WITH TIES',
    'SELECT id FROM orders LIMIT 2 ROWS EXAMINED 10',
    'SELECT id FROM orders WHERE ROW(id, total) = (1, 2) AND BINARY (id) = 1',
    "SELECT EXTRACTVALUE('<a>1</a>', '/a'), ST_ASTEXT(ST_GEOMFROMTEXT('POINT(1 1)'))",
    'SELECT id FROM orders PARTITION (p0, p1) AS o WHERE o.id > 1',
    "SELECT name FROM customers WHERE MATCH name, country AGAINST ('a' IN BOOLEAN MODE)",
    "SELECT _utf8mb4'a', _latin1 0x41, CAST(id AS CHAR(3) CHARACTER SET utf8mb4) FROM orders",
    'SELECT c.id FROM customers c LEFT JOIN orders o LEFT JOIN orders p ON p.id = o.id ON o.customer_id = c.id',
    'SELECT sum(id) OVER (ORDER BY id ROWS BETWEEN 1 PRECEDING AND 1 FOLLOWING EXCLUDE CURRENT ROW) FROM orders',
  ])('allows %s', (sql) => {
    expect(guard.check(sql)).toMatchObject({ kind: 'allowed' })
  })

  describe('with names that differ in case only', () => {
    const toy = toyCatalog('mysql')
    const twins = toy.tables
      .filter(({ name }) => name === 'orders')
      .map((table) => ({ ...table, name: 'Orders' }))
    const catalog = { ...toy, tables: [...toy.tables, ...twins] }
    const policy = definePolicy({ tables: { allow: ['orders'] } })

    it('keeps to the very names of an allow list', async () => {
      const informed = await createSqlGuard({ dialect: mysql(), policy, catalog })
      const uninformed = await createSqlGuard({ dialect: mysql({ database: 'shop' }), policy })

      for (const each of [informed, uninformed]) {
        expect(each.check('SELECT id FROM orders')).toMatchObject({ kind: 'allowed' })
        expect(codes(each.check('SELECT id FROM Orders'))).toEqual(['table-refused'])
      }
    })

    it('finds a table in another case only where it is the only one', async () => {
      const alone = await createSqlGuard({ dialect: mysql(), catalog: toy })
      const both = await createSqlGuard({ dialect: mysql(), catalog })

      expect(alone.check('SELECT id FROM ORDERS')).toMatchObject({
        reads: [{ table: 'orders' }],
      })
      expect(codes(both.check('SELECT id FROM ORDERS'))).toEqual(['table-unknown'])
    })

    it('hides both where a block list names one', async () => {
      const blocking = await createSqlGuard({
        dialect: mysql(),
        policy: definePolicy({ tables: { block: ['orders'] } }),
        catalog,
      })

      expect(codes(blocking.check('SELECT id FROM Orders'))).toEqual(['table-refused'])
    })

    it.for([
      'SELECT O.id FROM orders o',
      'SELECT id FROM customers C JOIN orders c USING (id)',
      'WITH W AS (SELECT 1 AS a) SELECT a FROM w',
    ])('refuses a name that is written in two ways: %s', (sql) => {
      expect(codes(guard.check(sql))).toEqual(['construct-refused'])
    })
  })
})
