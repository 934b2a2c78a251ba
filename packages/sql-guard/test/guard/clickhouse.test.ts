import { combinePolicies, createSqlGuard, definePolicy, type Verdict } from '@t2t/sql-guard'
import { clickhouse } from '@t2t/sql-guard/clickhouse'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const catalog = toyCatalog('clickhouse')
const policy = definePolicy({ columns: { block: ['customers.email'] } })
const guard = await createSqlGuard({ dialect: clickhouse(), policy, catalog })

function codes(verdict: Verdict): readonly string[] {
  return verdict.kind === 'refused' ? verdict.findings.map(({ code }) => code) : ['allowed']
}

describe('a guard for ClickHouse', () => {
  it.for([
    'SELECT uniq(customer_id), quantile(0.9)(total) FROM orders PREWHERE total > 1 WHERE id > 0',
    `WITH toDate('2024-01-01') AS since SELECT count() FROM orders WHERE placed_on >= since`,
    'WITH 5 AS n SELECT * FROM (SELECT id FROM orders WHERE total > n)',
    'SELECT toStartOfMonth(placed_on) AS month, sum(total) AS revenue FROM orders GROUP BY month ORDER BY month WITH FILL STEP INTERVAL 1 MONTH',
    "SELECT upper(name) AS name FROM customers WHERE name LIKE 'A%' GROUP BY ALL ORDER BY ALL",
    'SELECT customer_id, total FROM orders ORDER BY total DESC LIMIT 1 BY customer_id',
    'SELECT country, sum(o.total) FROM orders AS o GLOBAL ANY LEFT JOIN customers AS c ON c.id = o.customer_id GROUP BY country WITH TOTALS',
    'SELECT arrayMap(x -> x * 2, groupArray(total)) FROM orders GROUP BY customer_id',
    'SELECT id, arrayJoin([1, 2]) AS n FROM orders ARRAY JOIN [total] AS t',
    'SELECT row_number() OVER (PARTITION BY customer_id ORDER BY total) AS r FROM orders QUALIFY r = 1',
    'SELECT countIf(total > 1), sumIf(total, id > 1), maxOrNull(total), uniqExactIf(id, total > 0) FROM orders',
    "SELECT total::Decimal(10, 2), CAST(id AS Nullable(String)), if(total > 1, 'a', 'b') FROM orders",
    'SELECT id FROM orders UNION ALL SELECT id FROM customers',
    'SELECT name FROM customers WHERE id IN (SELECT customer_id FROM orders) AND id GLOBAL NOT IN (1, 2)',
    'SELECT number FROM numbers(10)',
    'SELECT max(t.format) AS format FROM (SELECT id AS format FROM orders) AS t WHERE format > 1 GROUP BY format',
    "SELECT DATE_ADD(DAY, 1, placed_on), dateDiff('day', placed_on, today()) FROM orders",
  ])('allows %s', (sql) => {
    expect(codes(guard.check(sql))).toEqual(['allowed'])
  })

  it('limits the whole answer, but no part of a set operation', () => {
    const plain = guard.check('SELECT id FROM orders LIMIT 2 BY customer_id')
    const both = guard.check('SELECT id FROM orders UNION ALL SELECT id FROM customers')

    expect(plain).toMatchObject({
      sql: 'SELECT id FROM orders LIMIT 2 BY customer_id\nLIMIT 1000',
      rowLimit: 'guard',
    })
    expect(both).toMatchObject({ rowLimit: 'reader', maxRows: 1000 })
  })

  it.for([
    ['SELECT 1 SETTINGS max_threads = 1', 'construct-refused'],
    ['SELECT 1 FORMAT CSV', 'construct-refused'],
    ['SELECT 1, FORMAT JSON', 'syntax-invalid'],
    ['SELECT id FROM orders FORMAT Null', 'construct-refused'],
    [`SELECT 1 INTO OUTFILE 'x'`, 'construct-refused'],
    ['SELECT {id:Int32}', 'construct-refused'],
    ['SELECT $$a$$', 'construct-refused'],
    ['SELECT * REPLACE (1 AS id) FROM orders', 'construct-refused'],
    [`SELECT COLUMNS('a') FROM orders`, 'construct-refused'],
    [`SELECT * FROM url('http://127.0.0.1/', 'CSV', 'a String')`, 'function-refused'],
    [`SELECT dictGet('d', 'a', 1)`, 'function-refused'],
    ['SELECT toDATE(placed_on) FROM orders', 'function-refused'],
    ['SELECT sleepIf(1)', 'function-refused'],
    ['SELECT * FROM system.tables', 'table-refused'],
    ['SELECT name FROM INFORMATION_SCHEMA.tables', 'table-refused'],
    ['SELECT Name FROM customers', 'column-unknown'],
    ['SELECT name FROM Customers', 'table-unknown'],
    ['SELECT `na\\x6de` FROM customers', 'construct-refused'],
    ['SELECT “name” FROM customers', 'construct-refused'],
    ['SELECT id FROM orders; SELECT 1', 'statement-count'],
    ['INSERT INTO orders SELECT 1', 'statement-kind-refused'],
    ['WITH x -> x AS f SELECT f(1)', 'syntax-invalid'],
  ])('refuses %s with %s', ([sql, code]) => {
    expect(codes(guard.check(sql ?? ''))).toContain(code)
  })

  it('reads an alias anew wherever a subquery uses it', async () => {
    const open = await createSqlGuard({ dialect: clickhouse(), policy: definePolicy(), catalog })

    expect(open.check('SELECT id AS n, (SELECT any(n) FROM customers) FROM orders')).toMatchObject({
      reads: [
        { table: 'orders', columns: [{ column: 'id' }] },
        { table: 'customers', columns: [{ column: 'id' }] },
      ],
    })
    expect(
      codes(guard.check('SELECT name AS n, (SELECT any(n) FROM customers) FROM orders')),
    ).toEqual(['column-unknown'])
  })

  it('refuses an alias that a subquery could take for either of two expressions', () => {
    const text =
      'SELECT id AS n, (SELECT max(n) FROM customers) FROM (SELECT total AS n, id FROM orders)'

    expect(codes(guard.check(text))).toEqual(['construct-refused'])
  })

  it('refuses common tables whose names could be caught elsewhere', () => {
    const text =
      'WITH x AS (SELECT id FROM orders) SELECT * FROM (WITH orders AS (SELECT id FROM customers) SELECT * FROM x)'

    expect(codes(guard.check(text))).toEqual(['construct-refused'])
  })

  it('writes masks and row filters in its own words', async () => {
    const masked = definePolicy({
      name: 'masked',
      columns: { mask: { 'customers.email': 'last-4' } },
    })
    const tenant = definePolicy({
      name: 'tenant',
      rows: { filter: { orders: 'customer_id = :id' } },
    })
    const both = await createSqlGuard({
      dialect: clickhouse(),
      policy: combinePolicies(masked, tenant),
      catalog,
      attributes: { id: `o'b\\` },
    })

    const verdict = both.check(
      'SELECT c.email, o.total FROM orders o JOIN customers c ON c.id = o.customer_id',
    )

    expect(verdict).toMatchObject({
      kind: 'allowed',
      sql:
        "SELECT concat('***', right(toString(`c`.`email`), 4)) AS `email`, o.total FROM " +
        "(SELECT `customer_id`, `total` FROM orders WHERE (customer_id = 'o''b\\\\')) o " +
        'JOIN customers c ON c.id = o.customer_id\nLIMIT 1000',
    })
  })

  it('decides about hostile texts of full length', () => {
    const depth = 'SELECT '.concat('('.repeat(30_000))
    const aliases = `SELECT ${Array.from({ length: 4000 }, (_, index) => `a${index + 1} AS a${index}`).join(', ')}`
    const suffixes = `SELECT ${'If'.repeat(30_000)}(1)`
    const nested = `SELECT ${'(SELECT '.repeat(40)}1 AS x${') AS x'.repeat(40)}`

    for (const text of [depth, aliases, suffixes, nested]) {
      expect(guard.check(text).kind).toBe('refused')
    }
  })
})
