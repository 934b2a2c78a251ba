import { attacks, type Attack, crossed, type Form, hiddenAttacks, type Place } from '../attack.ts'
import { commonPlaces, constantPlaces } from '../places.ts'

/** Places that this engine has. */
export const places: readonly Place[] = [
  ...commonPlaces,
  (one) => `SELECT printf('%d', ${one}) FROM customers c ORDER BY c.id`,
  (one) => `SELECT 'b' LIKE iif(${one} = 1, 'b', 'x') FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE 'a1' GLOB 'a' || ${one} ORDER BY c.id`,
  (one) =>
    `SELECT group_concat(${one}, '-') FROM (SELECT * FROM orders) o, customers c WHERE o.id = 1`,
  (one) => `SELECT group_concat(c.id, iif(${one} = 1, '<', '>') ORDER BY c.id) FROM customers c`,
  (one) => `SELECT group_concat(c.id ORDER BY (${one} - 1.5) * c.id) FROM customers c`,
  (one) => `SELECT sum(c.id) FILTER (WHERE ${one} = 1) FROM customers c`,
  (one) =>
    `SELECT c.id, j.value FROM customers c, json_each('[1,2]', '$[' || (${one} - 1) || ']') AS j ORDER BY 1`,
  (one) =>
    `SELECT json_extract(json_array(7, 8), '$[' || (${one} - 1) || ']') FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id, ${one} AS n FROM customers c WHERE n = 1 ORDER BY c.id`,
  (one) => `SELECT c.id, ${one} AS n FROM customers c GROUP BY c.id HAVING n = 1 ORDER BY c.id`,
  (one) => `SELECT (${one}) IS 1, (${one}) IS NOT DISTINCT FROM 1 FROM customers c ORDER BY c.id`,
  (one) => `SELECT '{"a1":5,"a2":6}' ->> ('a' || ${one}) FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id COLLATE nocase, ${one} COLLATE nocase FROM customers c ORDER BY 1`,
]

/** Places for an expression that is the same for all rows. */
export const constants: readonly Place[] = [
  ...constantPlaces,
  (one) => `VALUES (1), (${one})`,
  (one) => `SELECT c.id FROM customers c ORDER BY c.id LIMIT ${one}, 1`,
]

/** Every way to name the hidden table. */
const tableForms: readonly Form[] = [
  ...[
    'secrets',
    '"secrets"',
    '[secrets]',
    '`secrets`',
    `'secrets'`,
    'SeCrEtS',
    'main.secrets',
    '"main"."secrets"',
    'secrets AS s',
    'secrets s',
    'secrets NOT INDEXED',
    '(secrets)',
    '(SELECT * FROM secrets)',
    '(SELECT value FROM secrets) AS s',
    'orders JOIN secrets ON 1',
    '(orders CROSS JOIN (customers CROSS JOIN secrets))',
    'orders, secrets',
    'orders LEFT JOIN secrets',
    'orders NATURAL JOIN secrets',
    'orders JOIN secrets USING (id)',
    '(WITH s AS (SELECT * FROM secrets) SELECT * FROM s)',
    '(WITH RECURSIVE s AS (SELECT value FROM secrets UNION SELECT value FROM s) SELECT * FROM s)',
    '(SELECT 1 AS value UNION ALL SELECT value FROM secrets)',
    '/* orders */ secrets -- orders\n',
  ].map((from): Form => ({ sql: `EXISTS (SELECT 1 FROM ${from} WHERE value = 'canary')` })),
  { sql: `EXISTS (SELECT 1 FROM secret_values WHERE content = 'canary')`, needsCatalog: true },
  { sql: `(SELECT value FROM secrets) = 'canary'` },
  { sql: `'canary' IN (SELECT value FROM secrets)` },
  { sql: `(1, 'canary') IN secrets` },
  { sql: `(1, 'canary') IN main.secrets` },
  { sql: `(SELECT count(*) FROM secrets) = 1` },
  { sql: `(WITH s AS (SELECT value FROM secrets) SELECT value FROM s) = 'canary'` },
  { sql: `(SELECT max(rowid) FROM secrets) = 1` },
]

/** Every way to learn the hidden column of the customer of a row. */
const columnForms: readonly Form[] = [
  { sql: `c.email LIKE 'ada%'` },
  { sql: `email LIKE 'ada%'` },
  { sql: `"email" LIKE 'ada%'` },
  { sql: `c."EMAIL" LIKE 'ada%'` },
  { sql: `[c].[email] GLOB 'ada*'` },
  { sql: `substr(c.email, 1, 1) = 'a'` },
  { sql: `instr(c.email, 'ada')` },
  { sql: `c.email < 'b'` },
  { sql: `c.email BETWEEN 'a' AND 'b'` },
  { sql: `c.email IS 'ada@canary'` },
  { sql: `c.email IN ('ada@canary')` },
  { sql: `(c.id, c.email) = (c.id, 'ada@canary')` },
  { sql: `c.email || '' = 'ada@canary'` },
  { sql: `CASE c.email WHEN 'ada@canary' THEN 1 END` },
  { sql: `c.email_upper LIKE 'ADA%'`, needsCatalog: true },
  { sql: `(SELECT q.email FROM customers q WHERE q.id = c.id) = 'ada@canary'` },
  { sql: `(SELECT main.customers.email FROM customers WHERE id = c.id) = 'ada@canary'` },
  {
    sql: `(SELECT q.m FROM (SELECT id, email AS m FROM customers) q WHERE q.id = c.id) = 'ada@canary'`,
  },
  {
    sql: `(WITH w (i, m) AS (SELECT id, email FROM customers) SELECT m FROM w WHERE i = c.id) = 'ada@canary'`,
  },
  {
    sql: `(SELECT address FROM customer_emails e WHERE e.id = c.id) = 'ada@canary'`,
    needsCatalog: true,
  },
  { sql: `(SELECT q.email FROM (SELECT * FROM customers) q WHERE q.id = c.id) = 'ada@canary'` },
  {
    sql: `EXISTS (SELECT 1 FROM customers q NATURAL JOIN (SELECT c.id AS id, 'ada@canary' AS email))`,
  },
  {
    sql: `EXISTS (SELECT 1 FROM customers q JOIN (SELECT c.id AS id, 'ada@canary' AS email) USING (id, email))`,
  },
  {
    sql: `EXISTS (SELECT 1 FROM customers q NATURAL LEFT JOIN (SELECT c.id AS id, 'ada@canary' AS email, 1 AS hit) WHERE hit = 1)`,
  },
  { sql: `EXISTS (SELECT c.email INTERSECT SELECT 'ada@canary')` },
  {
    sql: `EXISTS (SELECT email FROM customers q WHERE q.id = c.id UNION SELECT 'x' ORDER BY 1 LIMIT 1) AND c.email LIKE 'ada%'`,
  },
  { sql: `(SELECT max(email) FROM customers q WHERE q.id = c.id) = 'ada@canary'` },
  { sql: `(SELECT group_concat(email) FROM customers q WHERE q.id = c.id) = 'ada@canary'` },
  { sql: `json_extract(json_object('e', c.email), '$.e') = 'ada@canary'` },
  { sql: `(SELECT first_value(email) OVER () FROM customers q WHERE q.id = c.id) = 'ada@canary'` },
]

const key = (forms: readonly Form[], ...at: readonly number[]) =>
  at.map((index) => forms[index]).filter((form) => form !== undefined)

/** Everything that reads what the policy hides. */
export const readingAttacks: readonly Attack[] = [
  ...crossed(34, [...places, ...constants], key(tableForms, 0, 20, 25)),
  ...crossed(34, places.slice(0, 6), tableForms),
  ...crossed(37, places, key(columnForms, 0, 17, 21)),
  ...crossed(
    36,
    [places[0], places[5], places[13], places[14]].filter((place) => place !== undefined),
    columnForms,
  ),
  ...attacks(35, 'leaks', [
    'SELECT * FROM customers',
    'SELECT c.* FROM customers c',
    'SELECT customers.* FROM customers JOIN orders ON 1',
    'SELECT * FROM customers NATURAL JOIN orders',
    'SELECT * FROM (SELECT * FROM customers)',
    'SELECT * FROM orders LEFT JOIN customers c USING (id)',
    'WITH w AS (SELECT * FROM customers) SELECT * FROM w',
    'SELECT 1, * FROM customers ORDER BY 1',
    'SELECT email FROM customers ORDER BY id',
    'SELECT id AS email, email AS id FROM customers',
    'SELECT name FROM customers ORDER BY email',
    'SELECT name FROM customers GROUP BY email',
    'SELECT name FROM customers UNION ALL SELECT email FROM customers',
    'SELECT quote(email) FROM customers',
    'SELECT json_group_array(email) FROM customers',
    'SELECT json_group_object(id, email) FROM customers',
    'SELECT * FROM secrets',
    'SELECT value FROM secrets',
    'SELECT count(*) FROM secrets',
    'SELECT s.rowid, s.* FROM secrets s',
    'SELECT 1 FROM secrets',
    'SELECT count(*) FROM customers, secrets',
    'SELECT id FROM orders WHERE id IN (SELECT id FROM secrets)',
  ]),
  ...hiddenAttacks(40, 'leaks', [
    'SELECT * FROM customer_emails',
    'SELECT address FROM customer_emails',
    'SELECT id FROM customer_emails ORDER BY address',
    'SELECT * FROM secret_values',
    'SELECT count(*) FROM secret_values',
    'SELECT content FROM main.secret_values',
    'SELECT email_upper FROM customers',
    'SELECT id FROM customers ORDER BY email_upper',
  ]),
]
