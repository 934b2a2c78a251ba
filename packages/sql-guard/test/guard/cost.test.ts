import { createSqlGuard, definePolicy, type PolicyInput, type SqlGuard } from '@t2t/sql-guard'
import { mysql } from '@t2t/sql-guard/mysql'
import { postgres } from '@t2t/sql-guard/postgres'
import { sqlite } from '@t2t/sql-guard/sqlite'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const dialects = { postgres, sqlite, mysql: () => mysql({ database: 'public' }) }
type Name = keyof typeof dialects

async function guardFor(name: Name, limits: PolicyInput['limits'] = {}): Promise<SqlGuard> {
  const catalog = name === 'mysql' ? undefined : toyCatalog(name)
  const policy = definePolicy({ limits, functions: { allow: ['repeat'] } })
  return createSqlGuard({ dialect: dialects[name](), catalog, policy })
}

const guards: Readonly<Record<Name, SqlGuard>> = {
  postgres: await guardFor('postgres'),
  sqlite: await guardFor('sqlite'),
  mysql: await guardFor('mysql'),
}

const endless =
  'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t) SELECT count(*) FROM t'

describe('the guard refuses what would ruin the engine', () => {
  it.for([
    ['postgres', 'SELECT count(*) FROM generate_series(1, 10000000000)'],
    ['postgres', 'SELECT generate_series(1, 1e10)'],
    ['postgres', 'SELECT generate_series(-9000000, 9000000)'],
    ['postgres', 'SELECT generate_series(1, 1000 * 1000 * 1000)'],
    ['postgres', 'SELECT generate_series(1, 10 ^ 9)'],
    ['postgres', 'SELECT generate_series(1, 1 << 30)'],
    ['postgres', 'SELECT generate_series(1, 10, 0.0000001)'],
    ['postgres', 'SELECT count(*) FROM generate_series(1, 10000) a, generate_series(1, 10000) b'],
    ['postgres', "SELECT generate_series(now(), now(), interval '1 microsecond')"],
    ['postgres', "SELECT generate_series('2000-01-01'::date, '2030-01-01', '1 second')"],
    ['postgres', "SELECT repeat('a', 1000000000)"],
    ['postgres', "SELECT repeat(repeat('a', 10000), 10000)"],
    ['postgres', "SELECT length(lpad('a', 1000000000))"],
    ['postgres', "SELECT format('%1000000000s', 1)"],
    ['postgres', "SELECT format('%' || '1000000000s', 1)"],
    ['postgres', "SELECT format('%*s', 1000000000, 1)"],
    ['postgres', 'SELECT array_fill(0, ARRAY[10000, 10000])'],
    [
      'postgres',
      "SELECT replace(replace(replace(repeat('a', 1000), 'a', repeat('a', 1000)), 'a', 'aaaa'), 'a', 'aaaa')",
    ],
    ['postgres', `SELECT ${Array.from({ length: 9 }, () => "lpad('a', 200000)").join(' || ')}`],
    ['postgres', "SELECT regexp_replace(lpad('', 5000, 'a'), 'a', lpad('', 5000, 'b'), 'g')"],
    ['postgres', "SELECT array_to_string(array_fill(1, ARRAY[5000]), lpad('', 5000))"],
    ['postgres', "SELECT string_agg(lpad('a', 100000), '') FROM orders"],
    ['postgres', "SELECT (SELECT repeat('a', 100000)) FROM orders"],
    ['postgres', "SELECT id FROM orders WHERE 'a'::char(1000000) = 'b'"],
    ['postgres', 'SELECT 1::bit(80000000)'],
    ['sqlite', `SELECT printf('${'%400000d'.repeat(3)}', 1, 2, 3)`],
    ['sqlite', "SELECT group_concat(printf('%100000d', id)) FROM orders"],
    ['sqlite', "SELECT printf('%9000d', id), printf('%9000d', id) FROM orders"],
    ['mysql', "SELECT CAST('a' AS BINARY(10000000))"],
    ['mysql', "SELECT WEIGHT_STRING('a' AS CHAR(10000000))"],
    ['sqlite', "SELECT printf('%1000000000d', 1)"],
    ['sqlite', "SELECT format('%.1000000000f', 1)"],
    ['sqlite', "SELECT printf('%*d', 1000000000, 1)"],
    ['sqlite', "SELECT printf(f, 1) FROM (SELECT '%1000000000d' AS f)"],
    ['mysql', "SELECT lpad('a', 1000000000, 'b')"],
    ['mysql', 'SELECT space(1000000000)'],
    ['postgres', endless],
    ['sqlite', endless],
    ['mysql', endless],
    ['postgres', endless.replace('FROM t)', 'FROM t WHERE true)')],
    ['sqlite', endless.replace('FROM t)', 'FROM t WHERE 1 = 1)')],
    ['postgres', 'SELECT 1 FROM orders a, orders b, orders c, orders d'],
    ['sqlite', 'SELECT 1 FROM orders a, orders b, orders c, orders d'],
    ['mysql', 'SELECT 1 FROM orders a JOIN orders b JOIN orders c CROSS JOIN orders d'],
    [
      'postgres',
      'SELECT 1 FROM orders a JOIN orders b ON true JOIN orders c ON 1 = 1 CROSS JOIN orders d',
    ],
    ['sqlite', 'SELECT 1 FROM orders a, orders b, orders c, orders d WHERE a.id = 1 AND b.id = 2'],
    [
      'sqlite',
      'SELECT 1 FROM (SELECT a.id FROM orders a, orders b) x, (SELECT a.id FROM orders a, orders b) y',
    ],
  ] as const)('on %s: %s', ([name, text]) => {
    expect(guards[name].check(text)).toMatchObject({
      kind: 'refused',
      findings: [{ code: 'limit-exceeded' }],
    })
  })
})

describe('the guard lets pass what only looks expensive', () => {
  it.for([
    [
      'postgres',
      "SELECT d FROM generate_series('2020-01-01'::date, '2024-12-31'::date, interval '1 day') d",
    ],
    [
      'postgres',
      'SELECT generate_series((SELECT min(placed_on) FROM orders), now(), interval $$1 month$$)',
    ],
    ['postgres', 'SELECT n FROM generate_series(1, (SELECT max(id) FROM orders)) n'],
    ['postgres', "SELECT generate_series(now() - interval '1 hour', now(), '1 minute')"],
    [
      'postgres',
      "SELECT lpad(id::text, 10, '0'), repeat('*', id::int), format('%s of %s', id, total) FROM orders",
    ],
    [
      'sqlite',
      `SELECT printf('%,.2f', total), printf("%d", 1000000000), format('%05d', id) FROM orders`,
    ],
    ['mysql', "SELECT lpad(id, 10, '0'), format(total, 2), space(3) FROM orders"],
    ['mysql', 'SELECT CAST(name AS CHAR(20000)), CAST(id AS BINARY(8)) FROM customers'],
    ['postgres', "SELECT name::char(20), repeat('=', 80), rpad(name, 40) FROM customers"],
    [
      'sqlite',
      "SELECT replace(replace(replace(name, '&', '&amp;'), '<', '&lt;'), '>', '&gt;') FROM customers",
    ],
    [
      'sqlite',
      'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t LIMIT 5) SELECT n FROM t',
    ],
    [
      'postgres',
      'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t',
    ],
    [
      'mysql',
      'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t',
    ],
    [
      'sqlite',
      'WITH RECURSIVE t (i) AS (SELECT id FROM orders UNION ALL SELECT o.id FROM orders o JOIN t ON o.customer_id = t.i) SELECT i FROM t',
    ],
    [
      'postgres',
      'SELECT 1 FROM orders a, orders b, customers c WHERE a.id = b.id AND c.id = a.customer_id',
    ],
    [
      'sqlite',
      'SELECT 1 FROM orders a, orders b, customers c, orders d WHERE a.id < b.id AND (c.id = b.id OR d.id = a.id) AND d.id = c.id',
    ],
    [
      'mysql',
      'SELECT 1 FROM orders a, orders b, orders c, orders d WHERE a.id = b.id AND b.id = c.id AND c.id = d.id',
    ],
    [
      'postgres',
      'WITH a AS (SELECT count(*) AS n FROM orders), b AS (SELECT sum(total) AS n FROM orders) SELECT a.n / b.n, c.n, d.n FROM a, b, (SELECT max(id) AS n FROM orders) c, (SELECT 1 AS n) d',
    ],
    [
      'sqlite',
      'SELECT 1 FROM orders a NATURAL JOIN orders b JOIN orders c USING (id) JOIN customers d USING (id)',
    ],
  ] as const)('on %s: %s', ([name, text]) => {
    expect(guards[name].check(text)).toMatchObject({ kind: 'allowed' })
  })
})

describe('the limits of a policy', () => {
  it.for([
    [{ recursion: 'allowed' }, endless],
    [{ maxCrossJoins: 3 }, 'SELECT 1 FROM orders a, orders b, orders c, orders d'],
    [{ maxGeneratedRows: 1e10 }, 'SELECT generate_series(1, 1000000000)'],
    [{ maxBuiltBytes: 1e10 }, "SELECT repeat('a', 1000000000)"],
  ] as const)('let pass with %o: %s', async ([limits, text]) => {
    expect((await guardFor('postgres', limits)).check(text)).toMatchObject({ kind: 'allowed' })
  })

  it.for([
    [{ recursion: 'refused' }, endless.replace('FROM t)', 'FROM t WHERE n < 5)')],
    [{ maxCrossJoins: 0 }, 'SELECT 1 FROM orders, customers'],
    [{ maxGeneratedRows: 10 }, 'SELECT generate_series(1, 11)'],
    [{ generators: 'constant' }, 'SELECT generate_series(1, (SELECT max(id) FROM orders))'],
    [{ maxBuiltBytes: 10 }, "SELECT repeat('a', 11)"],
  ] as const)('refuse with %o: %s', async ([limits, text]) => {
    expect((await guardFor('postgres', limits)).check(text)).toMatchObject({
      findings: [{ code: 'limit-exceeded' }],
    })
  })
})
