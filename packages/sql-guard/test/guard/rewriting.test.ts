import { DatabaseSync } from 'node:sqlite'
import {
  combinePolicies,
  createSqlGuard,
  definePolicy,
  OptionInvalidError,
  type PolicyInput,
  type SqlGuard,
} from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog, toySchema } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const database = new DatabaseSync(':memory:')
database.exec(toySchema)

function guardFor(
  input: PolicyInput,
  attributes: Readonly<Record<string, string | number>> = {},
): Promise<SqlGuard> {
  const policy = definePolicy(input)
  return createSqlGuard({ dialect: sqlite(), policy, attributes, catalog: toyCatalog('sqlite') })
}

function rows(guard: SqlGuard, sql: string): readonly unknown[] | string {
  const verdict = guard.check(sql)
  if (verdict.kind === 'refused') return verdict.findings[0]?.code ?? ''
  const statement = database.prepare(verdict.sql)
  statement.setReturnArrays(true)
  return statement.all()
}

describe('a masked column', () => {
  const masks = { 'customers.email': 'redacted', 'customers.country': 'null' } as const

  it.for([
    ['by itself', 'SELECT email FROM customers', [['***'], ['***']]],
    [
      'with another name',
      'SELECT id, c.email AS m FROM customers c',
      [
        [1, '***'],
        [2, '***'],
      ],
    ],
    ['in a star', 'SELECT * FROM customers LIMIT 1', [[1, 'Ada', '***', null]]],
    [
      'in a star of one table',
      'SELECT o.id, c.* FROM orders o JOIN customers c ON c.id = o.id AND o.id = 1',
      [[1, 1, 'Ada', '***', null]],
    ],
    [
      'in a star over USING',
      'SELECT * FROM customers JOIN orders USING (id) WHERE id = 2',
      [[2, 'Bo', '***', null, 1, '2024-02-06', 20.5]],
    ],
    ['in a subquery', 'SELECT x.email FROM (SELECT email FROM customers) x', [['***'], ['***']]],
    [
      'in a common table',
      'WITH x AS (SELECT * FROM customers) SELECT email, country FROM x',
      [
        ['***', null],
        ['***', null],
      ],
    ],
    [
      'in a compound',
      'SELECT name FROM customers WHERE id = 1 UNION ALL SELECT email FROM customers',
      [['Ada'], ['***'], ['***']],
    ],
    ['behind a view', 'SELECT address FROM customer_emails', [['***'], ['***']]],
    [
      'that is sorted by what it shows',
      'SELECT email FROM customers ORDER BY email',
      [['***'], ['***']],
    ],
    [
      'that is filtered by what it shows',
      `SELECT m FROM (SELECT email AS m FROM customers) WHERE m LIKE 'ada%'`,
      [],
    ],
  ] as const)('shows its mask %s', async ([, sql, expected]) => {
    const guard = await guardFor({ columns: { mask: masks } })

    expect(rows(guard, sql)).toEqual(expected)
  })

  it.for([
    `SELECT id FROM customers WHERE email LIKE 'a%'`,
    'SELECT upper(email) FROM customers',
    'SELECT id FROM customers ORDER BY email',
    'SELECT count(*) FROM customers GROUP BY email',
    'SELECT email FROM customers GROUP BY email',
    'SELECT max(email) FROM customers',
    'SELECT (SELECT max(email) FROM customers)',
    `SELECT 1 FROM customers WHERE 'x' IN (SELECT email || '' FROM customers)`,
    `SELECT id FROM customers NATURAL JOIN (SELECT 'ada@mail.example' AS email)`,
    'SELECT 1 WHERE (1, 2, 3, 4) IN customers',
  ])('is refused anywhere else: %s', async (sql) => {
    const guard = await guardFor({ columns: { mask: masks } })

    expect(guard.check(sql).kind).toBe('refused')
  })

  it('may show its end', async () => {
    const guard = await guardFor({ columns: { mask: { 'customers.email': 'last-4' } } })

    expect(rows(guard, 'SELECT email FROM customers WHERE id = 1')).toEqual([['***mple']])
  })

  it('is typed in PostgreSQL', async () => {
    const guard = await createSqlGuard({
      dialect: postgres(),
      policy: definePolicy({ columns: { mask: { 'orders.total': 'null' } } }),
      catalog: toyCatalog('postgres'),
    })

    expect(guard.check('SELECT id, total FROM orders')).toMatchObject({
      sql: 'SELECT id, CAST(NULL AS numeric(10,2)) AS "total" FROM orders\nLIMIT 1000',
      output: ['id', 'total'],
    })
  })
})

describe('a row filter', () => {
  const filtered: PolicyInput = {
    rows: { filter: { orders: 'customer_id = :customer' } },
    columns: { block: ['orders.customer_id'] },
  }

  it.for([
    [
      'a star',
      'SELECT id, total FROM orders ORDER BY id',
      [
        [1, 10],
        [2, 20.5],
      ],
    ],
    ['another name', 'SELECT o.id FROM orders AS o WHERE o.id > 1', [[2]]],
    ['OR', 'SELECT id FROM orders WHERE id = 3 OR 1 = 1', [[1], [2]]],
    [
      'both arms of a compound',
      'SELECT id FROM orders UNION SELECT id + 10 FROM orders',
      [[1], [2], [11], [12]],
    ],
    ['a subquery', 'SELECT (SELECT max(id) FROM orders)', [[2]]],
    [
      'an outer join',
      'SELECT c.id, o.id FROM customers c LEFT JOIN orders o ON o.id = c.id + 1',
      [
        [1, 2],
        [2, null],
      ],
    ],
    ['a count', 'SELECT count(*) FROM orders', [[2]]],
    ['a self join', 'SELECT a.id, b.id FROM orders a, orders b WHERE a.id < b.id', [[1, 2]]],
  ] as const)('holds in %s', async ([, sql, expected]) => {
    const guard = await guardFor(filtered, { customer: 1 })

    expect(rows(guard, sql)).toEqual(expected)
  })

  it('takes an attribute for nothing but a value', async () => {
    const guard = await guardFor(
      { rows: { filter: { customers: 'name = :name' } } },
      { name: `x' OR '1'='1` },
    )

    expect(rows(guard, 'SELECT id FROM customers')).toEqual([])
  })

  it.for([
    ['a table after IN', 'SELECT 1 WHERE (1, 1, 1, 1) IN orders'],
    ['a row id', 'SELECT rowid FROM orders'],
    ['a name with its schema', 'SELECT main.orders.id FROM orders'],
  ] as const)('refuses %s, since it cannot be written there', async ([, sql]) => {
    const guard = await guardFor({ rows: { filter: { orders: 'customer_id = 1' } } })

    expect(guard.check(sql).kind).toBe('refused')
  })

  it('cannot be led astray by a common table', async () => {
    const guard = await guardFor(
      {
        rows: {
          filter: { orders: 'customer_id IN (SELECT id FROM customers WHERE name = :name)' },
        },
      },
      { name: 'Bo' },
    )

    const sql = `WITH customers AS (SELECT 1 AS id, 'Bo' AS name) SELECT id FROM orders`
    expect(guard.check(sql).kind).toBe('refused')
    expect(rows(guard, 'SELECT id FROM orders')).toEqual([[3]])
  })

  it('closes views over its table', async () => {
    const guard = await guardFor({ rows: { filter: { customers: 'id = 1' } } })

    expect(rows(guard, 'SELECT id FROM customer_emails')).toBe('table-refused')
  })

  it.for([
    "WITH customers AS (SELECT 2 AS id, 'UK' AS country) SELECT name FROM main.customers",
    "SELECT name FROM (WITH CUSTOMERS AS (SELECT 2 AS id, 'UK' AS country) SELECT * FROM main.customers)",
  ])('reads its own table past a common table of that name: %s', async (sql) => {
    const condition = "id IN (SELECT id FROM customers WHERE country = 'UK')"
    const guard = await guardFor({ rows: { filter: { customers: condition } } })

    expect(rows(guard, 'SELECT name FROM customers')).toEqual([['Ada']])
    expect(rows(guard, sql)).toBe('construct-refused')
  })

  it.for([
    ['an attribute is missing', { rows: { filter: { orders: 'id = :nobody' } } }],
    ['it names no column of the table', { rows: { filter: { orders: 'nothing = 1' } } }],
    ['it is no condition', { rows: { filter: { orders: 'id = ) (' } } }],
    ['it holds what may be a string or not', { rows: { filter: { orders: 'id = "x"' } } }],
  ] as const)('is refused at once when %s', async ([, input]) => {
    await expect(guardFor(input)).rejects.toBeInstanceOf(OptionInvalidError)
  })

  it.for(['\ud800', 'a\udc00b', '\0'])(
    'takes no value that an engine cannot be sent: %j',
    async (id) => {
      const filter = { orders: 'customer_id = :id' }

      await expect(guardFor({ rows: { filter } }, { id })).rejects.toBeInstanceOf(
        OptionInvalidError,
      )
    },
  )

  it('finds its own parts of a long text by halves, and tells them from those around them', async () => {
    const guard = await guardFor({
      rows: { filter: { orders: 'customer_id = 1' } },
      columns: { mask: { 'customers.email': 'last-4' } },
    })
    const parts = Array.from({ length: 400 }, (_, at) =>
      at % 2 === 0 ? 'SELECT email FROM customers' : 'SELECT id FROM orders',
    )
    const sql = parts.join(' UNION ALL ')

    expect(new Set((rows(guard, sql) as unknown[][]).flat())).toEqual(new Set(['***mple', 1, 2]))
    expect(rows(guard, `${sql} UNION ALL SELECT upper(email) FROM customers`)).toBe(
      'column-refused',
    )
  })

  it('needs a catalog', async () => {
    const creation = createSqlGuard({ dialect: sqlite(), policy: definePolicy(filtered) })

    await expect(creation).rejects.toThrow('Row filters need a catalog.')
  })
})

describe('a column of which the last characters are shown', () => {
  it.for([
    ['in a common table', 'WITH w AS (SELECT email FROM customers) SELECT w.email FROM w'],
    ['as the key of a sort', 'SELECT email FROM customers ORDER BY 1'],
    [
      'in a star, as the key of a sort',
      'SELECT c.email FROM (SELECT * FROM customers) c ORDER BY 1',
    ],
    [
      'in a condition on a subquery',
      "SELECT m FROM (SELECT email AS m FROM customers) WHERE m > ''",
    ],
    ['through a view', 'SELECT x.a FROM (SELECT address AS a FROM customer_emails) x GROUP BY a'],
  ] as const)('is used like any other one %s', async ([, sql]) => {
    const guard = await guardFor({ columns: { mask: { 'customers.email': 'last-4' } } })

    expect(JSON.stringify(rows(guard, sql))).toMatch(/^\[\["\*\*\*mple"\]/)
  })
})

describe('combined policies', () => {
  it('let the strictest win', async () => {
    const policy = combinePolicies(
      definePolicy({
        name: 'a',
        tables: { allow: ['customers', 'orders'] },
        limits: { maxRows: 9 },
      }),
      definePolicy({ name: 'b', tables: { block: ['orders'] }, functions: { block: ['upper'] } }),
      definePolicy({ name: 'c', columns: { mask: { 'customers.email': 'redacted' } } }),
    )
    const guard = await createSqlGuard({ dialect: sqlite(), policy, catalog: toyCatalog('sqlite') })

    expect(policy.name).toBe('a + b + c')
    expect(rows(guard, 'SELECT id FROM orders')).toBe('table-refused')
    expect(rows(guard, 'SELECT id FROM secrets')).toBe('table-refused')
    expect(rows(guard, 'SELECT upper(name) FROM customers')).toBe('function-refused')
    expect(rows(guard, 'SELECT email FROM customers')).toEqual([['***'], ['***']])
    expect(guard.check('SELECT name FROM customers')).toMatchObject({ maxRows: 9 })
  })
})

describe('a policy that permits plans', () => {
  it('gives the text for the plan, and lets a plan be asked for', async () => {
    const guard = await createSqlGuard({
      dialect: postgres(),
      policy: definePolicy({ statements: { explain: 'plan' }, tables: { block: ['secrets'] } }),
    })

    expect(guard.check('SELECT id FROM orders')).toMatchObject({
      explain: 'EXPLAIN (FORMAT JSON) SELECT id FROM orders\nLIMIT 1000',
    })
    expect(guard.check('EXPLAIN SELECT id FROM orders').kind).toBe('allowed')
    for (const sql of [
      'EXPLAIN ANALYZE SELECT id FROM orders',
      'EXPLAIN (ANALYZE) SELECT id FROM orders',
      'EXPLAIN (COSTS off, ANALYZE true) SELECT id FROM orders',
      'EXPLAIN DELETE FROM orders',
      'EXPLAIN SELECT value FROM secrets',
      'EXPLAIN CREATE TABLE t AS SELECT 1',
    ]) {
      expect(guard.check(sql).kind).toBe('refused')
    }
  })
})
