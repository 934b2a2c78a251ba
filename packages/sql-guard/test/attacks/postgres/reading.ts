import { attacks, type Attack, crossed, type Form, hiddenAttacks, type Place } from '../attack.ts'
import { commonPlaces, constantPlaces } from '../places.ts'

/** Places that this engine has. */
export const places: readonly Place[] = [
  ...commonPlaces,
  (one) => `SELECT c.id, g FROM customers c, generate_series(1, ${one}) AS g ORDER BY 1, 2`,
  (one) => `SELECT c.id, g FROM customers c, LATERAL unnest(ARRAY[5, ${one}]) AS g ORDER BY 1, 2`,
  (one) =>
    `SELECT c.id, x.n FROM customers c CROSS JOIN LATERAL (SELECT ${one} AS n) AS x ORDER BY 1`,
  (one) =>
    `SELECT c.id, f.a, f.b FROM customers c, ROWS FROM (generate_series(1, ${one}), unnest(ARRAY[1])) AS f (a, b) ORDER BY 1, 2`,
  (one) => `SELECT (ARRAY['x', 'y'])[${one}] FROM customers c ORDER BY c.id`,
  (one) => `SELECT (ARRAY[7, 8, 9])[${one}:2] FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT ARRAY(SELECT o.id FROM orders o WHERE o.id <= ${one} ORDER BY 1) FROM customers c ORDER BY c.id`,
  (one) => `SELECT sum(c.id) FILTER (WHERE ${one} = 1) FROM customers c`,
  (one) =>
    `SELECT string_agg(c.name, CASE WHEN ${one} = 1 THEN '<' ELSE '>' END ORDER BY c.id) FROM customers c`,
  (one) => `SELECT string_agg(c.name, ',' ORDER BY (${one} - 1.5) * c.id) FROM customers c`,
  (one) =>
    `SELECT percentile_disc(0) WITHIN GROUP (ORDER BY c.id * (2 * ${one} - 3)) FROM customers c`,
  (one) =>
    `SELECT DISTINCT ON ((${one} * c.id) % 2) c.id FROM customers c ORDER BY (${one} * c.id) % 2, c.id`,
  (one) =>
    `SELECT sum(c.id) FROM customers c GROUP BY GROUPING SETS (((${one} * c.id) % 2)) ORDER BY 1`,
  (one) =>
    `SELECT sum(c.id) FROM customers c GROUP BY ROLLUP ((${one} * c.id) % 2, c.country) ORDER BY 1`,
  (one) => `SELECT c.id FROM customers c WHERE ${one} = ANY (ARRAY[1]) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE 1 = ALL (SELECT ${one}) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE (${one}, 1) < (2, 0) ORDER BY c.id`,
  (one) =>
    `SELECT c.id FROM customers c WHERE ROW(${one}) IS NOT DISTINCT FROM ROW(1) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE (${one} = 1) IS TRUE ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE 'a' || ${one} SIMILAR TO 'a1' ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE 'a' || ${one} ILIKE 'A1' ORDER BY c.id`,
  (one) => `SELECT greatest(${one}, 1), least(${one}, 2) FROM customers c ORDER BY c.id`,
  (one) => `SELECT extract(day FROM date '2024-01-01' + ${one}) FROM customers c ORDER BY c.id`,
  (one) => `SELECT overlay('abc' PLACING 'x' FROM ${one}) FROM customers c ORDER BY c.id`,
  (one) => `SELECT json_build_object('n', ${one}) ->> 'n' FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT j.value FROM customers c, json_array_elements_text(json_build_array(${one})) AS j ORDER BY c.id`,
  (one) => `SELECT xmlforest(${one} AS n)::text FROM customers c ORDER BY c.id`,
  (one) => `SELECT format('%s', VARIADIC ARRAY[${one}]) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT make_date(year => 2024, month => ${one}, day => 1) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT c.id, first_value(c.id) OVER (PARTITION BY 1 ORDER BY (${one} - 1.5) * c.id) FROM customers c ORDER BY 1`,
  (one) => `WITH w AS MATERIALIZED (SELECT c.id * ${one} AS n FROM customers c) TABLE w ORDER BY 1`,
]

/** Places for an expression that is the same for all rows. */
export const constants: readonly Place[] = [
  ...constantPlaces,
  (one) => `VALUES (1), (${one})`,
  (one) => `SELECT c.id FROM customers c ORDER BY c.id FETCH FIRST (${one}) ROWS ONLY`,
  (one) => `SELECT c.id FROM customers c ORDER BY c.id OFFSET ${one}`,
  (one) => `SELECT c.id, sum(c.id) OVER (ORDER BY c.id ROWS ${one} PRECEDING) FROM customers c`,
  (one) => `SELECT count(*) FROM customers TABLESAMPLE bernoulli (100 * (2 - ${one}))`,
  (one) =>
    `SELECT count(*) FROM customers TABLESAMPLE system (100 * (2 - ${one})) REPEATABLE (${one})`,
]

/** Every way to name the hidden table. */
const tableForms: readonly Form[] = [
  ...[
    'secrets',
    '"secrets"',
    'SECRETS',
    'U&"s\\0065crets"',
    `U&"s!0065crets" UESCAPE '!'`,
    'public.secrets',
    '"public"."secrets"',
    'secrets AS s',
    'secrets s (i, value)',
    'ONLY secrets',
    'ONLY (secrets)',
    'secrets *',
    'secrets TABLESAMPLE bernoulli (100)',
    '(SELECT * FROM secrets) s',
    '(TABLE secrets) s',
    '(VALUES (1)) v, LATERAL (SELECT * FROM secrets) s',
    '(orders o CROSS JOIN (customers c2 CROSS JOIN secrets s))',
    'orders o JOIN (customers c2 JOIN secrets s ON true) ON true',
    'orders NATURAL FULL JOIN secrets',
    'orders JOIN secrets USING (id)',
    'orders LEFT JOIN secrets USING (id) AS both_ids ON_IS_NOT_HERE',
    '(WITH s AS (SELECT * FROM secrets) SELECT * FROM s) s',
    '(WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets) s',
    '(WITH s AS (SELECT * FROM secrets), secrets AS (SELECT 1) SELECT * FROM s) s',
    '(WITH secrets AS (SELECT 1) SELECT * FROM public.secrets) s',
    '(WITH RECURSIVE s AS (SELECT value FROM secrets UNION SELECT value FROM s) SELECT * FROM s) s',
    `(SELECT 'x' AS value UNION ALL SELECT value FROM secrets) s`,
    '/* /* orders */ */ secrets -- orders\n',
  ]
    .filter((from) => !from.includes('ON_IS_NOT_HERE'))
    .map((from): Form => ({ sql: `EXISTS (SELECT 1 FROM ${from} WHERE value = 'canary')` })),
  { sql: `EXISTS (SELECT 1 FROM secret_values WHERE content = 'canary')`, needsCatalog: true },
  { sql: `(SELECT value FROM secrets LIMIT 1) = 'canary'` },
  { sql: `'canary' IN (SELECT value FROM secrets)` },
  { sql: `(1, 'canary') IN (TABLE secrets)` },
  { sql: `'canary' = ANY (SELECT value FROM secrets)` },
  { sql: `'canary' = ANY (ARRAY(SELECT value FROM secrets))` },
  { sql: `(SELECT count(*) FROM secrets) = 1` },
  { sql: `(SELECT s::text FROM secrets s LIMIT 1) LIKE '%canary%'` },
  { sql: `(SELECT json_agg(secrets) FROM secrets)::text LIKE '%canary%'` },
]

const email = (expression: string): string => `${expression} LIKE '%ada@%'`

/** Every way to learn the hidden column of the customer of a row. */
const columnForms: readonly Form[] = [
  { sql: email('c.email') },
  { sql: email('email') },
  { sql: email('"email"') },
  { sql: email('U&"em\\0061il"') },
  { sql: email('EMAIL') },
  { sql: email('(c).email') },
  { sql: email('((c)).email') },
  { sql: email('c::text') },
  { sql: email('CAST(c AS text)') },
  { sql: email('(c.*)::text') },
  { sql: email('ROW(c.*)::text') },
  { sql: email(`(c || '')`) },
  { sql: email('row_to_json(c)::text') },
  { sql: email('to_jsonb(c)::text') },
  { sql: `to_jsonb(c) ->> 'email' = 'ada@canary'` },
  { sql: `to_json(c.*) ->> 'email' = 'ada@canary'` },
  { sql: email(`format('%s', c)`) },
  { sql: email('concat(c)') },
  { sql: email(`concat_ws(',', c.*)`) },
  { sql: email('ARRAY[c]::text') },
  { sql: email('json_build_array(c)::text') },
  { sql: email(`json_build_object('c', c)::text`) },
  { sql: email('quote_literal(c)') },
  { sql: email('coalesce(c, NULL)::text') },
  { sql: email('(CASE WHEN true THEN c END)::text') },
  { sql: email('(SELECT c)::text') },
  { sql: email('(SELECT q::text FROM (SELECT c.*) q)') },
  { sql: email('(SELECT q.b FROM customers AS q (a, n, b) WHERE a = c.id)') },
  {
    sql: email(
      '(SELECT j.b FROM (customers q CROSS JOIN orders) AS j (a, n, b) WHERE a = c.id LIMIT 1)',
    ),
  },
  {
    sql: email('(SELECT j.email FROM (customers q JOIN orders USING (id)) AS j WHERE j.id = c.id)'),
  },
  { sql: email('(SELECT public.customers.email FROM customers WHERE id = c.id)') },
  { sql: email('(SELECT (q).m FROM (SELECT id, email AS m FROM customers) q WHERE q.id = c.id)') },
  {
    sql: email(
      '(WITH w (i, m) AS (SELECT id, email FROM customers) SELECT m FROM w WHERE i = c.id)',
    ),
  },
  { sql: email('(WITH w AS (SELECT * FROM customers) SELECT w::text FROM w WHERE id = c.id)') },
  { sql: email('(SELECT max(q::text) FROM customers q WHERE q.id = c.id)') },
  { sql: email('(SELECT array_agg(q)::text FROM customers q WHERE q.id = c.id)') },
  { sql: email('(SELECT json_agg(customers)::text FROM customers WHERE id = c.id)') },
  { sql: email(`(SELECT string_agg(email, ',') FROM customers q WHERE q.id = c.id)`) },
  { sql: email('(SELECT first_value(email) OVER () FROM customers q WHERE q.id = c.id)') },
  { sql: email('(SELECT address FROM customer_emails e WHERE e.id = c.id)'), needsCatalog: true },
  { sql: email('(SELECT e::text FROM customer_emails e WHERE e.id = c.id)'), needsCatalog: true },
  { sql: `c.email_upper LIKE 'ADA%'`, needsCatalog: true },
  {
    sql: `EXISTS (SELECT 1 FROM customers q NATURAL JOIN (SELECT c.id AS id, 'ada@canary' AS email) g)`,
  },
  {
    sql: `EXISTS (SELECT 1 FROM customers q JOIN (SELECT c.id AS id, 'ada@canary' AS email) g USING (id, email))`,
  },
  {
    sql: `EXISTS (SELECT 1 FROM customers q JOIN (SELECT c.id AS id, 'ada@canary' AS email) g USING (id, email) AS k WHERE k.email IS NOT NULL)`,
  },
  { sql: `EXISTS (SELECT c.email INTERSECT SELECT 'ada@canary')` },
  { sql: `(c.id, c.email) = (c.id, 'ada@canary')` },
  { sql: `(c.id, 'ada@canary') IN (SELECT id, email FROM customers)` },
  { sql: `c.email ~ '^ada'` },
  { sql: `c.email ^@ 'ada'` },
  { sql: `c.email SIMILAR TO 'ada%'` },
  { sql: `c.email BETWEEN SYMMETRIC 'b' AND 'a'` },
  { sql: `c.email IS NOT DISTINCT FROM 'ada@canary'` },
  { sql: `position('ada' IN c.email) > 0` },
  { sql: `substring(c.email FROM 1 FOR 3) = 'ada'` },
  { sql: `left(c.email, 3) = 'ada'` },
  { sql: `md5(c.email) = md5('ada@canary')` },
  { sql: `c.email COLLATE "C" < 'b'` },
  { sql: `c = (SELECT q FROM customers q WHERE q.email = 'ada@canary')` },
]

const pick = (forms: readonly Form[], ...texts: readonly string[]) =>
  forms.filter(({ sql }) => texts.some((text) => sql.includes(text)))

/** Everything that reads what the policy hides. */
export const readingAttacks: readonly Attack[] = [
  ...crossed(
    34,
    [...places, ...constants],
    pick(tableForms, 'FROM ONLY (secrets)', 'WITH secrets AS (SELECT *', '(SELECT value'),
  ),
  ...crossed(34, places.slice(0, 6), tableForms),
  ...crossed(
    37,
    places,
    pick(columnForms, "c.email LIKE '%ada@%'", 'row_to_json(c)', 'NATURAL JOIN'),
  ),
  ...crossed(
    36,
    [0, 5, 13].map((index) => places[index]).filter((place) => place !== undefined),
    columnForms,
  ),
  ...attacks(35, 'leaks', [
    'SELECT * FROM customers ORDER BY id',
    'SELECT c.* FROM customers c ORDER BY id',
    'SELECT c FROM customers c ORDER BY id',
    'SELECT customers FROM customers ORDER BY id',
    'SELECT (c).* FROM customers c ORDER BY id',
    'SELECT (c.*) FROM customers c ORDER BY id',
    'TABLE customers ORDER BY id',
    'SELECT j FROM (customers JOIN orders USING (id)) AS j ORDER BY j.id',
    'SELECT DISTINCT c FROM customers c',
    'SELECT c FROM customers c GROUP BY c.id',
    `SELECT id FROM customers c ORDER BY c::text LIKE '%ada@%', id`,
    'SELECT array_agg(c ORDER BY id) FROM customers c',
    'SELECT json_object_agg(id, c) FROM customers c',
    'SELECT c.hash_record FROM customers c ORDER BY id',
    'SELECT (c).hash_record FROM customers c ORDER BY id',
    'SELECT xmlforest(c AS x) FROM customers c ORDER BY c.id',
    'SELECT jsonb_each(to_jsonb(c)) FROM customers c ORDER BY c.id',
    'SELECT e.* FROM customers c, jsonb_each_text(to_jsonb(c)) e ORDER BY c.id, 1',
    'SELECT unnest(array_agg(c ORDER BY id)) FROM customers c',
    'SELECT lag(c) OVER (ORDER BY id) FROM customers c',
    'SELECT * FROM customers NATURAL JOIN orders ORDER BY id',
    'SELECT name FROM customers ORDER BY email',
    'SELECT email FROM customers ORDER BY id',
    'SELECT name FROM customers UNION ALL SELECT email FROM customers WHERE id = 1',
    "SELECT x.a FROM customers c, XMLTABLE('/a' PASSING xmlelement(NAME a, c.email) COLUMNS a text PATH '.') x ORDER BY c.id",
    "SELECT x.a FROM customers c, XMLTABLE('/a' PASSING '<a/>' COLUMNS a text PATH 'b' DEFAULT c.email) x ORDER BY c.id",
    "SELECT c.id, x.a FROM customers c, XMLTABLE(('/' || left(c.email, 1)) PASSING '<a>1</a>' COLUMNS a int PATH '.') x ORDER BY c.id",
    "SELECT x.* FROM (SELECT c::text AS t FROM customers c) q, XMLTABLE('/a' PASSING xmlelement(NAME a, q.t) COLUMNS a text PATH '.') x ORDER BY 1",
    'SELECT * FROM secrets',
    'TABLE secrets',
    'SELECT count(*) FROM secrets',
    'SELECT s FROM secrets s',
    'SELECT 1 FROM secrets',
    'SELECT FROM secrets',
    'SELECT EXISTS (SELECT FROM secrets OFFSET 1)',
    `SELECT row_to_json(t) FROM (SELECT * FROM secrets) t`,
  ]),
  ...hiddenAttacks(40, 'leaks', [
    'SELECT * FROM customer_emails ORDER BY id',
    'SELECT id FROM customer_emails ORDER BY address',
    'SELECT customer_emails FROM customer_emails ORDER BY id',
    'TABLE customer_emails ORDER BY 1',
    'SELECT * FROM secret_values',
    'SELECT count(*) FROM ONLY secret_values',
    'SELECT email_upper FROM customers ORDER BY id',
    'SELECT id FROM customers ORDER BY email_upper',
  ]),
]
