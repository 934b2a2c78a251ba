import { attacks, type Attack, crossed, type Form, hiddenAttacks, type Place } from '../attack.ts'

/** Places for an expression that may differ by customer. */
export const places: readonly Place[] = [
  (one) => `SELECT ${one} FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id, coalesce(nullIf(${one}, 2), 0) AS flag FROM customers c ORDER BY c.id`,
  (one) => `SELECT abs(${one}) FROM customers c ORDER BY c.id`,
  (one) => `SELECT CAST(${one} AS String), ${one}::String FROM customers c ORDER BY c.id`,
  (one) => `SELECT -(${one}) + 5 * c.id FROM customers c ORDER BY 1`,
  (one) => `SELECT c.id FROM customers c WHERE ${one} = 1 ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c PREWHERE ${one} = 1 ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE NOT (${one} IN (2, 3)) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE ${one} BETWEEN 0 AND 1 ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE 1 = 1 AND (c.id = 99 OR ${one} < 2) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c ORDER BY (${one} - 1.5) * c.id DESC, c.id`,
  (one) => `SELECT sum(c.id) FROM customers c GROUP BY (${one} * c.id) % 2 ORDER BY 1`,
  (one) => `SELECT sum(c.id) FROM customers c GROUP BY (${one} * c.id) % 2 WITH ROLLUP ORDER BY 1`,
  (one) => `SELECT (${one}) * c.id AS k, count() FROM customers c GROUP BY ALL ORDER BY ALL`,
  (one) =>
    `SELECT c.country, sum(c.id) FROM customers c GROUP BY c.country HAVING sum(${one} * c.id) > 6 ORDER BY 1`,
  (one) => `SELECT sumIf(c.id, ${one} = 1), quantile(0.5)(c.id * ${one}) FROM customers c`,
  (one) => `SELECT sum(c.id) FILTER (WHERE ${one} = 1) FROM customers c`,
  (one) => `SELECT argMax(c.id, (${one} - 1.5) * c.id) FROM customers c`,
  (one) => `SELECT count(DISTINCT c.id * ${one}), groupArray(c.id * ${one}) FROM customers c`,
  (one) =>
    `SELECT c.id, sum(c.id) OVER (PARTITION BY (${one} * c.id) % 2) FROM customers c ORDER BY 1`,
  (one) =>
    `SELECT c.id, row_number() OVER w FROM customers c WINDOW w AS (ORDER BY (${one} - 1.5) * c.id) ORDER BY 1`,
  (one) =>
    `SELECT c.id FROM customers c QUALIFY row_number() OVER (ORDER BY (${one} - 1.5) * c.id) = 1 ORDER BY 1`,
  (one) => `SELECT x.n FROM (SELECT c.id * ${one} AS n FROM customers c) AS x ORDER BY 1`,
  (one) => `WITH u AS (SELECT c.id * ${one} AS n FROM customers c) SELECT n FROM u ORDER BY 1`,
  (one) =>
    `SELECT c.id FROM customers c UNION ALL SELECT c.id * ${one} FROM customers c ORDER BY 1`,
  (one) =>
    `SELECT * FROM (SELECT c.id FROM customers c EXCEPT SELECT c.id * ${one} FROM customers c) ORDER BY 1`,
  (one) => `SELECT DISTINCT c.id * ${one} AS d FROM customers c ORDER BY d`,
  (one) => `SELECT DISTINCT ON ((${one} * c.id) % 2) c.id FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c ORDER BY c.id LIMIT 1 BY (${one} * c.id) % 2`,
  (one) => `SELECT (${one} AS flag) + 1, flag * 2 FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE (${one} AS flag) > 0 AND flag = 1 ORDER BY c.id`,
  (one) => `WITH ${one} AS flag SELECT c.id FROM customers c WHERE flag = 1 ORDER BY c.id`,
  (one) => `SELECT arrayMap(x -> x + ${one}, [1, 2]) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT arrayFilter((x, y) -> x > ${one}, [1, 2], [3, 4]) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT [10, 20][${one}], (c.id, ${one}).2, map('a', ${one})['a'] FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT if(${one} = 1, 'a', 'b'), multiIf(${one} = 1, 1, 2) FROM customers c ORDER BY c.id`,
  (one) => `SELECT ${one} = 1 ? 'a' : 'b' FROM customers c ORDER BY c.id`,
  (one) => `SELECT toDate('2024-01-01') + INTERVAL ${one} DAY FROM customers c ORDER BY c.id`,
  (one) => `SELECT DATE_ADD(DAY, ${one}, toDate('2024-01-01')) FROM customers c ORDER BY c.id`,
  (one) => `SELECT substring('abc' FROM ${one} FOR 1) FROM customers c ORDER BY c.id`,
  (one) => `SELECT POSITION('b' IN substring('ab', ${one})) FROM customers c ORDER BY c.id`,
  (one) => `SELECT EXTRACT(DAY FROM toDate('2024-01-01') + ${one}) FROM customers c ORDER BY c.id`,
  (one) => `SELECT n, c.id FROM customers c ARRAY JOIN [${one}, 5] AS n ORDER BY c.id, n`,
  (one) => `SELECT c.id FROM customers c LEFT ARRAY JOIN range(${one}) AS n ORDER BY c.id, n`,
  (one) => `SELECT arrayJoin([${one}, 7]) AS n, c.id FROM customers c ORDER BY c.id, n`,
  (one) =>
    `SELECT o.id FROM orders o ANY LEFT JOIN (SELECT c.id AS i, ${one} AS n FROM customers c) AS x ON x.i = o.id WHERE x.n = 1 ORDER BY o.id`,
  (one) =>
    `SELECT c.id FROM customers AS c GLOBAL ANY INNER JOIN orders AS o ON o.id = c.id WHERE ${one} = 1 ORDER BY c.id`,
  (one) =>
    `SELECT c.id AS a FROM customers AS c SEMI LEFT JOIN orders AS o ON o.id = c.id WHERE ${one} = 1 ORDER BY a`,
  (one) =>
    `SELECT c.id IS NOT DISTINCT FROM ${one}, c.id <=> ${one}, c.id == ${one} FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT 'a1' LIKE concat('a', toString(${one})), 'a1' REGEXP concat('a', toString(${one})) FROM customers c ORDER BY c.id`,
  (one) => `SELECT transform(${one}, [1, 2], ['x', 'y'], '') FROM customers c ORDER BY c.id`,
  (one) => `SELECT formatReadableSize(${one}), bar(${one}, 0, 2, 2) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT groupArrayIf(c.id, ${one} = 1), uniqExactIf(c.id, ${one} = 1), sumMap([c.id], [${one}]) FROM customers c`,
  (one) => `SELECT c.id * ${one} AS a FROM customers c ORDER BY a WITH FILL FROM 0 TO 6 STEP 2`,
]

/** Places for an expression that is the same for all rows. */
export const constants: readonly Place[] = [
  (one) => `SELECT c.id FROM customers c ORDER BY c.id LIMIT ${one}`,
  (one) => `SELECT c.id FROM customers c ORDER BY c.id LIMIT 1 OFFSET ${one}`,
  (one) => `SELECT c.id FROM customers c ORDER BY c.id LIMIT ${one} BY c.country`,
  (one) => `SELECT number FROM numbers(${one})`,
  (one) => `SELECT 7 IN (7, 8) AND 1 = ${one}`,
  (one) => `SELECT quantile(0.5)(x) FROM (SELECT ${one} AS x)`,
]

const tableForms: readonly Form[] = [
  ...[
    'secrets',
    '`secrets`',
    '"secrets"',
    'attacked.secrets',
    'attacked . `secrets`',
    '`attacked`."secrets"',
    'secrets AS s',
    'secrets s',
    '(SELECT * FROM secrets) AS s',
    '((SELECT * FROM secrets)) AS s',
    '(SELECT * FROM secrets UNION ALL SELECT * FROM secrets) AS s',
    'orders AS o CROSS JOIN secrets',
    'orders AS o, secrets',
    'orders AS o LEFT JOIN secrets ON 1 = 1',
    'orders AS o ANY JOIN secrets ON o.id = secrets.id',
    'orders AS o ASOF JOIN secrets ON o.customer_id = secrets.id AND o.id >= secrets.id',
    'orders AS o PASTE JOIN secrets',
    'orders AS o GLOBAL JOIN secrets USING id',
    'orders AS o NATURAL JOIN secrets',
    '(WITH s AS (SELECT * FROM secrets) SELECT * FROM s) AS s',
    '(WITH s AS MATERIALIZED (SELECT * FROM secrets) SELECT * FROM s) AS s',
    '(WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets) AS s',
    '(WITH secrets AS (SELECT 1 AS value) SELECT * FROM attacked.secrets) AS s',
    `(SELECT '' AS value UNION ALL SELECT value FROM secrets) AS s`,
    `(SELECT value FROM secrets EXCEPT SELECT '') AS s`,
    '/* orders /* nested */ */ secrets # orders\n',
    'secrets --orders\n',
    '(SELECT arrayJoin(groupArray(value)) AS value FROM secrets) AS s',
    `(SELECT value FROM numbers(1) ARRAY JOIN (SELECT groupArray(value) FROM secrets) AS value) AS s`,
  ].map((from): Form => ({ sql: `(SELECT count() FROM ${from} WHERE value = 'canary') > 0` })),
  { sql: `(SELECT count() FROM secret_values WHERE content = 'canary') > 0`, needsCatalog: true },
  { sql: `EXISTS (SELECT 1 FROM secrets WHERE value = 'canary')` },
  { sql: `(SELECT value FROM secrets LIMIT 1) = 'canary'` },
  { sql: `'canary' IN (SELECT value FROM secrets)` },
  { sql: `'canary' GLOBAL IN (SELECT value FROM secrets)` },
  { sql: `(1, 'canary') IN secrets` },
  { sql: `(1, 'canary') IN (secrets)` },
  { sql: `(1, 'canary') GLOBAL IN attacked.secrets` },
  { sql: `(1, 'canary') NOT IN attacked.\`secrets\`` },
  { sql: `in((1, 'canary'), secrets)` },
  { sql: `globalIn((1, 'canary'), attacked.secrets)` },
  { sql: `'canary' = ANY (SELECT value FROM secrets)` },
  { sql: '(SELECT count() FROM secrets) = 1' },
  { sql: '(SELECT uniq(*) FROM secrets) = 1' },
]

const columnForms: readonly Form[] = [
  { sql: `c.email LIKE 'ada%'` },
  { sql: `email LIKE 'ada%'` },
  { sql: "`email` LIKE 'ada%'" },
  { sql: '"email" LIKE \'ada%\'' },
  { sql: `c . "email" ILIKE 'ADA%'` },
  { sql: `customers.email < 'b'` },
  { sql: `attacked.customers.email < 'b'` },
  { sql: `c.email < 'b'` },
  { sql: `c.email IN ('ada@canary')` },
  { sql: `c.email BETWEEN 'a' AND 'b'` },
  { sql: `(c.id, c.email) = (c.id, 'ada@canary')` },
  { sql: `match(c.email, '^ada')` },
  { sql: `c.email REGEXP '^ada'` },
  { sql: `startsWith(c.email, 'ada')` },
  { sql: `position(c.email, 'ada') > 0` },
  { sql: `left(c.email, 3) = 'ada'` },
  { sql: `MD5(c.email) = MD5('ada@canary')` },
  { sql: `cityHash64(c.email) = cityHash64('ada@canary')` },
  { sql: `c.email::String = 'ada@canary'` },
  { sql: `[c.email][1] = 'ada@canary'` },
  { sql: `(c.id, c.email).2 = 'ada@canary'` },
  { sql: `map('e', c.email)['e'] = 'ada@canary'` },
  { sql: `has(arrayMap(x -> x || email, ['']), 'ada@canary')` },
  { sql: `arrayExists(x -> email = x, ['ada@canary'])` },
  { sql: `(c.email AS e) = 'ada@canary' AND e != ''` },
  { sql: `JSONExtractString(toJSONString(map('e', c.email)), 'e') = 'ada@canary'` },
  { sql: `c.email_upper LIKE 'ADA%'`, needsCatalog: true },
  { sql: `(SELECT max(email) FROM customers) LIKE 'cy%' AND c.email != 'cy@canary'` },
]

const pick = (forms: readonly Form[], ...texts: readonly string[]) =>
  forms.filter(({ sql }) => texts.some((text) => sql.includes(text)))

/** Names that the engine looks up where they are used, not where they are written. */
const caught = attacks(36, 'leaks', [
  'WITH c AS (SELECT any(email)) SELECT (SELECT * FROM c) FROM customers ORDER BY id',
  'WITH email AS e SELECT e, (SELECT any(e) FROM customers) FROM plain ORDER BY id',
  `WITH upper(email) AS e SELECT count() FROM (SELECT any(e) AS m FROM customers WHERE id = 1) WHERE m LIKE 'ADA%'`,
  'SELECT email AS e, (SELECT any(e) FROM customers) FROM plain ORDER BY id',
  'SELECT concat(email, value) AS e, value, (SELECT any(concat(e, value)) FROM (SELECT email, name AS value FROM customers)) FROM plain ORDER BY id',
  'SELECT any(x) FROM (SELECT (SELECT any(e) FROM customers) AS x, email AS e FROM plain)',
  'WITH x AS (SELECT id, email FROM plain) SELECT * FROM (WITH plain AS (SELECT id, email FROM customers) SELECT * FROM x) ORDER BY id',
  'WITH customers AS (SELECT id, email FROM plain) SELECT * FROM (WITH plain AS (SELECT id, email FROM customers) SELECT * FROM customers) ORDER BY id',
  'WITH a AS (SELECT id, value FROM plain) SELECT * FROM (WITH plain AS (SELECT id, email AS value FROM customers) SELECT * FROM a) ORDER BY id',
  'WITH a AS (SELECT value FROM b), b AS (SELECT email AS value FROM customers) SELECT any(value) FROM a',
  'WITH x -> x || email AS f SELECT (SELECT any(f(name)) FROM customers) FROM plain ORDER BY id',
  'WITH x -> x || email AS lower SELECT lower(name) FROM customers ORDER BY id',
  'SELECT name AS n, (SELECT any(email) FROM customers WHERE name = n) FROM customers ORDER BY id',
  'SELECT lower(email) AS email, email FROM customers ORDER BY id',
  'SELECT id AS email, name FROM customers ORDER BY customers.email',
  'SELECT arrayMap(email -> (SELECT any(email) FROM customers), [1]) FROM plain ORDER BY id',
  'SELECT t.email FROM customers AS t, (SELECT 1 AS t) AS k ORDER BY t.id',
  'SELECT (SELECT any(email) FROM orders) FROM customers AS orders ORDER BY id',
  `WITH email AS (SELECT 'ada@canary') SELECT count() FROM customers WHERE id = 1 AND email = 'ada@canary'`,
  `WITH tags AS (SELECT 'a') SELECT id FROM customers WHERE 'ada@canary' IN email ORDER BY id`,
  `WITH email AS (SELECT 'zz') SELECT id FROM customers WHERE 'ada@canary' IN email ORDER BY id`,
  `SELECT count() FROM customers AS plain WHERE (1, 'Ada', 'ada@canary', 'UK', 'ADA@CANARY', ['a', 'b'], ('York', '1')) IN plain`,
])

const wholes = attacks(35, 'leaks', [
  'SELECT * FROM customers ORDER BY id',
  'SELECT c.* FROM customers c ORDER BY c.id',
  'SELECT customers.* FROM customers ORDER BY id',
  'SELECT attacked.customers.* FROM customers ORDER BY id',
  'SELECT * EXCEPT (name) FROM customers ORDER BY id',
  'SELECT * EXCEPT name FROM customers ORDER BY id',
  'SELECT * REPLACE (1 AS id) FROM customers ORDER BY name',
  `SELECT COLUMNS('mail') FROM customers ORDER BY id`,
  `SELECT customers.COLUMNS('mail') FROM customers ORDER BY id`,
  'SELECT COLUMNS(id, email) FROM customers ORDER BY id',
  'SELECT * APPLY(toString) FROM customers ORDER BY id',
  'SELECT tuple(*) FROM customers ORDER BY id',
  'SELECT toString(tuple(c.*)) FROM customers c ORDER BY c.id',
  'SELECT cityHash64(*) FROM customers ORDER BY id',
  'SELECT groupArray(tuple(*)) FROM customers',
  'SELECT [*] FROM (SELECT name, email FROM customers) ORDER BY 1',
  'SELECT x.2 FROM (SELECT tuple(name, email) AS x FROM customers) ORDER BY x.1',
  'SELECT * FROM (SELECT * FROM customers) ORDER BY id',
  "SELECT count() FROM (SELECT DISTINCT * FROM customers WHERE id < 3) AS y INNER JOIN (SELECT 'ada@canary' AS email) AS z USING email",
  "SELECT count() FROM customers NATURAL JOIN (SELECT 'ada@canary' AS email, 1 AS id) AS g",
  "SELECT count() FROM customers JOIN (SELECT 'ada@canary' AS email, 1 AS i) AS g USING (email) WHERE id = 1",
  'SELECT * FROM customers ORDER BY id LIMIT 1',
  'SELECT id FROM customers ORDER BY email',
  'SELECT any(email) FROM customers GROUP BY email ORDER BY any(id)',
  "SELECT id FROM customers ORDER BY id LIMIT 1 BY substring(email, 1, 3) = 'ada'",
  'SELECT argMin(id, email) FROM customers',
  "SELECT anyIf(id, email LIKE 'ada%') FROM customers",
  'SELECT topK(1)(email) FROM (SELECT email FROM customers WHERE id = 1)',
  'SELECT z FROM customers c ARRAY JOIN [tuple(*)] AS z ORDER BY c.id',
  'SELECT z FROM customers c LEFT ARRAY JOIN [toJSONString(tuple(*)), NULL] AS z ORDER BY c.id, z',
  'SELECT c.id FROM customers c ARRAY JOIN range(length(toJSONString(tuple(*))) - 40) ORDER BY c.id',
  'SELECT c.id FROM customers c ARRAY JOIN [1] AS a, [cityHash64(*)] AS z ORDER BY z',
])

const views = hiddenAttacks(35, 'leaks', [
  'SELECT * FROM customer_emails ORDER BY id',
  'SELECT address FROM customer_emails ORDER BY id',
  'SELECT id FROM customer_emails ORDER BY address',
  'SELECT content FROM secret_values ORDER BY id',
])

/** Everything that reads what the policy hides. */
export const readingAttacks: readonly Attack[] = [
  ...crossed(
    34,
    places,
    pick(tableForms, 'FROM `secrets`', '(SELECT value FROM secrets LIMIT 1) ='),
  ),
  ...crossed(
    34,
    constants,
    pick(tableForms, 'FROM `secrets`', '(SELECT value FROM secrets LIMIT 1) ='),
  ),
  ...crossed(34, places.slice(0, 2), tableForms),
  ...crossed(37, places, pick(columnForms, `c.email LIKE 'ada%'`)),
  ...crossed(
    36,
    [places[0], places[5]].filter((place) => place !== undefined),
    columnForms,
  ),
  ...caught,
  ...wholes,
  ...views,
]
