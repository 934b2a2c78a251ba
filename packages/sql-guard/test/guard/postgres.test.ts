import { createSqlGuard, definePolicy, type Verdict } from '@t2t/sql-guard'
import { postgres } from '@t2t/sql-guard/postgres'
import { toyCatalog } from '@t2t/sql-guard/testing'
import { describe, expect, it } from 'vitest'

const guard = await createSqlGuard({
  dialect: postgres(),
  policy: definePolicy({
    tables: { block: ['secrets'] },
    columns: { block: ['customers.email'] },
  }),
  catalog: toyCatalog('postgres'),
})

function codes(verdict: Verdict): readonly string[] {
  return verdict.kind === 'allowed' ? [] : verdict.findings.map(({ code }) => code)
}

describe('the guard for PostgreSQL', () => {
  it.for([
    [
      'a common table named like what it reads',
      'WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets',
    ],
    [
      'a later common table',
      'WITH a AS (SELECT * FROM secrets), secrets AS (SELECT 1) SELECT * FROM a',
    ],
    [
      'a common table that has ended',
      'SELECT (WITH secrets AS (SELECT 1) SELECT 1), s.id FROM secrets s',
    ],
    ['a qualified name', 'WITH secrets AS (SELECT 1) SELECT * FROM public.secrets'],
    ['ONLY', 'SELECT 1 FROM ONLY (secrets)'],
    ['TABLE', 'TABLE secrets'],
    [
      'a lateral subquery',
      'SELECT 1 FROM orders o, LATERAL (SELECT value FROM secrets s WHERE s.id = o.id) x',
    ],
    ['a window', 'SELECT sum(total) OVER (ORDER BY (SELECT max(id) FROM secrets)) FROM orders'],
    ['FILTER', 'SELECT count(*) FILTER (WHERE EXISTS (SELECT 1 FROM secrets)) FROM orders'],
    ['DISTINCT ON', 'SELECT DISTINCT ON ((SELECT id FROM secrets LIMIT 1)) id FROM orders'],
    ['a sample', 'SELECT id FROM orders TABLESAMPLE bernoulli ((SELECT max(id) FROM secrets))'],
    ['a subscript', 'SELECT (ARRAY[1, 2])[(SELECT max(id) FROM secrets)]'],
    ['rows of rows', 'VALUES (ROW(ROW((SELECT value FROM secrets))))'],
    ['a limit', 'SELECT id FROM orders LIMIT (SELECT max(id) FROM secrets)'],
  ] as const)('finds a blocked table behind %s', ([, text]) => {
    expect(codes(guard.check(text))).toEqual(['table-refused'])
  })

  it.for([
    ['a whole row', 'SELECT c FROM customers c'],
    ['a whole row by its table', 'SELECT customers FROM customers'],
    ['a whole row as JSON', 'SELECT row_to_json(c) FROM customers c'],
    ['a whole row as text', 'SELECT c::text FROM customers c'],
    ['all columns as a value', 'SELECT ROW(c.*) FROM customers c'],
    ['a field of a row', 'SELECT (c).email FROM customers c'],
    ['all fields of a row', 'SELECT (c).* FROM customers c'],
    ['other names for columns', 'SELECT c.b FROM customers AS c (x, y, b) LIMIT 1'],
    [
      'other names for a join',
      'SELECT j.p FROM (orders JOIN customers USING (id)) AS j (a, b, c, d, n, p)',
    ],
    ['the sort of an aggregate', 'SELECT string_agg(name, $$,$$ ORDER BY email) FROM customers'],
    ['a named window', 'SELECT rank() OVER w FROM customers WINDOW w AS (ORDER BY email)'],
    ['a grouping set', 'SELECT count(*) FROM customers GROUP BY GROUPING SETS ((email), ())'],
  ] as const)('finds a blocked column behind %s', ([, text]) => {
    expect(codes(guard.check(text))).toEqual(['column-refused'])
  })

  it.for([
    ['INTO', 'SELECT id INTO copy FROM orders', 'construct-refused'],
    ['a lock', 'SELECT id FROM orders FOR UPDATE', 'construct-refused'],
    [
      'a lock in a subquery',
      'SELECT 1 FROM (SELECT id FROM orders FOR SHARE) x',
      'construct-refused',
    ],
    [
      'a write in WITH',
      'WITH d AS (DELETE FROM orders RETURNING id) SELECT id FROM d',
      'construct-refused',
    ],
    ['a function that reads a file', "SELECT pg_read_file('/etc/hostname')", 'function-refused'],
    ['a function in FROM', "SELECT * FROM pg_ls_dir('/')", 'function-refused'],
    ['a quoted function', `SELECT "pg_sleep"(1)`, 'function-refused'],
    ['a function of another schema', 'SELECT tools.lower(name) FROM customers', 'function-refused'],
    ['SQL in a text', "SELECT query_to_xml('SELECT 1', true, true, '')", 'function-refused'],
    ['an attribute that is a function', 'SELECT c.row_to_json FROM customers c', 'column-unknown'],
    ['a field that is a function', "SELECT ('a'::text).pg_sleep", 'construct-refused'],
    ['an operator of another schema', 'SELECT 1 OPERATOR(tools.+) 2', 'function-refused'],
    ['a cast that looks up names', "SELECT 'secrets'::regclass", 'function-refused'],
    ['a cast to the row of a blocked table', 'SELECT null::secrets', 'table-refused'],
    ['fields of such a row', 'SELECT (null::public.secrets).*', 'table-refused'],
    ['a cast to a list of such rows', 'SELECT null::secrets[], null::_secrets', 'table-refused'],
    ['a cast to a row with a blocked column', 'SELECT null::customers', 'table-refused'],
    ['a cast to a row of the system', 'SELECT null::pg_catalog.pg_authid', 'table-refused'],
    ['a cast to a type that is not known', 'SELECT null::unknown_table', 'table-refused'],
    [
      'a column of such a type',
      "SELECT x.a FROM json_to_record('{}') AS x (a secrets)",
      'table-refused',
    ],
    ['a name of the session', 'SELECT current_user', 'function-refused'],
    ['another database', 'SELECT id FROM other.public.orders', 'table-refused'],
    ['a system column', 'SELECT xmin FROM orders', 'column-unknown'],
  ] as const)('refuses %s', ([, text, code]) => {
    expect(codes(guard.check(text))).toContain(code)
  })

  it.for([
    "SELECT date_trunc('month', placed_on) AS month, sum(total) FROM orders GROUP BY 1 ORDER BY 1",
    'SELECT extract(year FROM placed_on), count(*) FILTER (WHERE total > 5) FROM orders GROUP BY extract(year FROM placed_on)',
    "SELECT o.id, rank() OVER (PARTITION BY customer_id ORDER BY total DESC) FROM orders o WHERE placed_on > now() - interval '1 day'",
    'WITH RECURSIVE t (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM t WHERE n < 5) SELECT n FROM t',
    'SELECT g, (SELECT count(*) FROM orders WHERE id = g) FROM generate_series(1, 3) AS g',
    "SELECT name || ' of ' || coalesce(country, '?') AS label FROM customers WHERE name ILIKE '%a%' OR name ~ '^B'",
    'SELECT c.name, x.n FROM customers c CROSS JOIN LATERAL (SELECT count(*) AS n FROM orders o WHERE o.customer_id = c.id) x',
    "SELECT json_build_object('id', id, 'total', total) FROM orders WHERE id = ANY (ARRAY[1, 2]) FETCH FIRST 3 ROWS ONLY",
    'SELECT * FROM (VALUES (1, 2)) AS v (a, b) JOIN orders ON v.a = orders.id',
    'SELECT public.orders.id FROM orders NATURAL JOIN (SELECT 1 AS id) AS x',
    'SELECT key, value FROM json_each($1) LIMIT 10',
    'SELECT null::orders',
    "SELECT x.a, x.n FROM orders o, XMLTABLE('/a' PASSING (o.total::text::xml) COLUMNS a int PATH 'b' DEFAULT o.id, n FOR ORDINALITY) AS x",
    "SELECT j.a FROM orders o, JSON_TABLE(to_jsonb(o.id), '$[*]' COLUMNS (a int PATH '$', NESTED '$.c' COLUMNS (d text DEFAULT 'x' ON EMPTY))) AS j",
    "SELECT repeat('x', 3), pg_typeof(total)::text FROM orders",
    "SELECT x.a FROM json_to_recordset('[]') AS x (a int, b text)",
    "SELECT '1'::int, '1'::bigint, 1::double precision, '{1}'::int[], 'a'::varchar(3), '1'::numeric(5, 2), '12:00'::time with time zone, 1::bit(3), 'a'::\"char\"",
  ])('allows %s', (text) => {
    expect(guard.check(text)).toMatchObject({ kind: 'allowed' })
  })

  it.for([
    ['column-refused', "JSON_TABLE(to_jsonb(c.email), '$' COLUMNS (a text PATH '$')) j"],
    ['column-refused', "JSON_TABLE('1', '$' PASSING c.email AS e COLUMNS (a text PATH '$e')) j"],
    [
      'column-refused',
      "JSON_TABLE('1', '$' COLUMNS (NESTED '$' COLUMNS (a text PATH '$.b' DEFAULT c.email ON EMPTY))) j",
    ],
    ['function-refused', `JSON_TABLE('"secrets"', '$' COLUMNS (a regclass PATH '$')) j`],
  ] as const)('says %s for %s', ([code, from]) => {
    expect(codes(guard.check(`SELECT j.a FROM customers c, ${from}`))).toEqual([code])
  })
})
