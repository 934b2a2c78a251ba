import {
  combinePolicies,
  createSqlGuard,
  definePolicy,
  type Policy,
  type PolicyInput,
  type Verdict,
} from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

/** For each part of a policy, inputs from the freest to the strictest. */
const parts: Readonly<Record<string, readonly PolicyInput[]>> = {
  name: [{ name: 'one' }, { name: 'other' }],
  'tables.allow': [
    {},
    { tables: { allow: ['orders', 'customers'] } },
    { tables: { allow: ['orders'] } },
  ],
  'tables.block': [{}, { tables: { block: ['customers'] } }],
  'columns.block': [{}, { columns: { block: ['customers.email'] } }],
  'columns.mask': [
    {},
    { columns: { mask: { 'customers.email': 'last-4' } } },
    { columns: { mask: { 'customers.email': 'null' } } },
  ],
  'columns.minGroupSize': [
    {},
    { columns: { minGroupSize: { 'orders.total': 3 } } },
    { columns: { minGroupSize: { 'orders.total': { size: 9, of: 'customer_id' } } } },
  ],
  'rows.filter': [
    {},
    { rows: { filter: { orders: 'total < 5' } } },
    { rows: { filter: { orders: 'customer_id = :tenant' } } },
  ],
  'statements.explain': [{ statements: { explain: 'plan' } }, { statements: { explain: 'never' } }],
  'functions.allow': [{ functions: { allow: ['price_of/1'] } }, {}],
  'functions.block': [{}, { functions: { block: ['round/2', 'upper'] } }],
  'limits.maxRows': [{}, { limits: { maxRows: 7 } }],
  'limits.maxTextBytes': [{}, { limits: { maxTextBytes: 40 } }],
  'limits.maxDepth': [{}, { limits: { maxDepth: 3 } }],
  'limits.maxJoins': [{}, { limits: { maxJoins: 1 } }],
  'limits.maxGeneratedRows': [{}, { limits: { maxGeneratedRows: 5 } }],
  'limits.generators': [{}, { limits: { generators: 'constant' } }],
  'limits.maxBuiltBytes': [{}, { limits: { maxBuiltBytes: 10 } }],
  'limits.maxCrossJoins': [{}, { limits: { maxCrossJoins: 0 } }],
  'limits.recursion': [
    { limits: { recursion: 'allowed' } },
    {},
    { limits: { recursion: 'refused' } },
  ],
}

const statements = [
  'SELECT id FROM orders',
  'SELECT name FROM customers',
  'SELECT value FROM secrets',
  'SELECT email FROM customers',
  "SELECT name FROM customers WHERE email LIKE 'a%'",
  'SELECT total FROM orders',
  'SELECT avg(total) FROM orders',
  'EXPLAIN SELECT id FROM orders',
  'SELECT price_of(1)',
  'SELECT round(1.5, 1)',
  'SELECT upper(name) FROM customers',
  'SELECT (1 + (2 * (3 + (4 * 5))))',
  'SELECT a.id FROM orders a JOIN orders b ON b.id = a.id JOIN orders c ON c.id = b.id',
  'SELECT a.id FROM orders a, orders b',
  'SELECT i FROM generate_series(1, 10) AS g (i)',
  'SELECT i FROM orders, generate_series(1, orders.id) AS g (i)',
  "SELECT repeat('x', 100)",
  'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n',
  'WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 3) SELECT i FROM n',
]

async function verdicts(policy: Policy): Promise<readonly Verdict[]> {
  const guard = await createSqlGuard({
    dialect: postgres(),
    policy,
    catalog: toyCatalog('postgres'),
    attributes: { tenant: 4 },
  })
  return statements.map((sql) => guard.check(sql))
}

const policies = Object.values(parts).flatMap((inputs) =>
  inputs.map((input) => definePolicy(input)),
)
const alone = await Promise.all(policies.map(verdicts))

describe('a policy made of several', () => {
  it('is tested with every part that a policy has', () => {
    const all = Object.entries(definePolicy()).flatMap(([part, value]) =>
      typeof value === 'string' ? [part] : Object.keys(value).map((key) => `${part}.${key}`),
    )

    expect(Object.keys(parts).toSorted()).toEqual(all.toSorted())
  })

  it.for(Object.keys(parts).filter((part) => part !== 'name'))(
    'is tested with a case that %s decides',
    async (part) => {
      const decided = await Promise.all(
        (parts[part] ?? []).map(async (input) =>
          JSON.stringify(await verdicts(definePolicy(input))),
        ),
      )

      expect(new Set(decided).size).toBe(decided.length)
    },
  )

  it('refuses what one of them refuses, in whatever order they are', async () => {
    const wrong: string[] = []
    for (const [first, one] of policies.entries()) {
      for (const [second, other] of policies.entries()) {
        const both = await verdicts(combinePolicies(one, other))
        for (const [index, verdict] of both.entries()) {
          const refused = [alone[first]?.[index], alone[second]?.[index]].some(
            (each) => each?.kind === 'refused',
          )
          if (refused && verdict.kind === 'allowed') {
            wrong.push(`${JSON.stringify([one, other])}: ${statements[index]}`)
          }
        }
      }
    }

    expect(wrong).toEqual([])
  })

  it('allows what both allow, where only one of them has rules', async () => {
    const free = definePolicy({
      statements: { explain: 'plan' },
      functions: { allow: ['price_of/1'] },
      limits: { recursion: 'allowed' },
    })

    for (const [index, policy] of policies.entries()) {
      const both = await verdicts(combinePolicies(policy, free))
      expect(both).toEqual(alone[index])
    }
  })

  it('is as strict as one that says a thing twice, of which the stricter holds as well', async () => {
    const twice = definePolicy({
      columns: {
        mask: { 'customers.email': 'null', 'public.customers.email': 'last-4' },
        minGroupSize: { 'public.orders.total': 9, 'orders.total': 2 },
      },
    })

    const texts = (await verdicts(twice)).map((each) => (each.kind === 'allowed' ? each.sql : ''))

    expect(texts[3]).toContain('CAST(NULL AS text)')
    expect(texts[6]).toMatch(/>= 9 AND count\("total"\) >= 2|>= 2 AND count\("total"\) >= 9/)
  })

  it('shows the strictest mask, the smallest limit, all filters and all sizes', async () => {
    const combined = combinePolicies(
      definePolicy({
        columns: { mask: { 'customers.email': 'last-4' }, minGroupSize: { 'orders.total': 3 } },
        rows: { filter: { orders: 'total < 5' } },
        limits: { maxRows: 7 },
      }),
      combinePolicies(
        definePolicy({ columns: { mask: { 'customers.email': 'null' } }, limits: { maxRows: 3 } }),
        definePolicy({
          columns: { minGroupSize: { 'orders.total': { size: 9, of: 'customer_id' } } },
          rows: { filter: { orders: 'customer_id = :tenant' } },
        }),
      ),
    )

    const texts = (await verdicts(combined)).map((each) =>
      each.kind === 'allowed' ? each.sql : '',
    )

    expect(texts[3]).toBe('SELECT CAST(NULL AS text) AS "email" FROM customers\nLIMIT 3')
    expect(texts[6]).toBe(
      'SELECT CASE WHEN count("total") >= 3 AND count(DISTINCT CASE WHEN "total" IS NOT NULL THEN ' +
        '"orders"."customer_id" END) >= 9 THEN avg(total) END AS "avg" FROM (SELECT "customer_id", ' +
        '"total" FROM orders WHERE (total < 5) AND (customer_id = (4))) AS "orders"\nLIMIT 3',
    )
  })
})
