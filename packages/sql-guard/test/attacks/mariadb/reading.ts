import { attacks, type Attack, crossed, type Form, hiddenAttacks, type Place } from '../attack.ts'
import { commonPlaces } from '../places.ts'

/** Places that this engine has. */
export const places: readonly Place[] = [
  ...commonPlaces.filter((place) => !/\* FROM \(VALUES/.test(place('1'))),
  (one) => `SELECT IF(${one} = 1, 'a', 'b') FROM customers c ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE ${one} <=> 1 ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE 'a1' REGEXP CONCAT('a', ${one}) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE ${one} = ANY (SELECT 1) ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE (${one} = 1) XOR FALSE ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE NOT ${one} DIV 2 ORDER BY c.id`,
  (one) => `SELECT c.id FROM customers c WHERE (${one} = 1) && TRUE || FALSE ORDER BY c.id`,
  (one) => `SELECT '2024-01-01' + INTERVAL ${one} DAY FROM customers c ORDER BY c.id`,
  (one) => `SELECT DATE_ADD('2024-01-01', INTERVAL ${one} MONTH) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT EXTRACT(DAY FROM DATE_ADD('2024-01-01', INTERVAL ${one} DAY)) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT TIMESTAMPDIFF(DAY, '2024-01-01', DATE_ADD('2024-01-01', INTERVAL ${one} DAY)) FROM customers c ORDER BY c.id`,
  (one) => `SELECT SUBSTRING('abc' FROM ${one} FOR 1) FROM customers c ORDER BY c.id`,
  (one) => `SELECT TRIM(LEADING 'a' FROM CONCAT('a', ${one})) FROM customers c ORDER BY c.id`,
  (one) => `SELECT POSITION('b' IN SUBSTRING('ab', ${one})) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT CAST(${one} AS UNSIGNED), CONVERT(${one}, CHAR(3)) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT GROUP_CONCAT(DISTINCT c.id * ${one} ORDER BY c.id SEPARATOR '-') FROM customers c`,
  (one) => `SELECT GROUP_CONCAT(c.id ORDER BY (${one} - 1.5) * c.id) FROM customers c`,
  (one) => `SELECT sum(c.id) FROM customers c GROUP BY (${one} * c.id) % 2 WITH ROLLUP`,
  (one) =>
    `SELECT JSON_EXTRACT('[7, 8]', CONCAT('$[', ${one} - 1, ']')) FROM customers c ORDER BY c.id`,
  (one) =>
    `SELECT STRAIGHT_JOIN c.id FROM customers c FORCE INDEX (PRIMARY) WHERE ${one} = 1 ORDER BY c.id`,
  (one) => `SELECT c.id, ${one} AS n FROM customers c HAVING n = 1 ORDER BY c.id`,
  (one) => `(SELECT c.id * ${one} AS a FROM customers c) ORDER BY a LIMIT 3`,
  (one) =>
    `SELECT c.id, sum(c.id) OVER (ORDER BY c.id ROWS BETWEEN 1 PRECEDING AND CURRENT ROW), ${one} FROM customers c ORDER BY 1`,
]

/** Places for an expression that is the same for all rows. */
export const constants: readonly Place[] = [(one) => `VALUES (1), (${one})`]

const tableForms: readonly Form[] = [
  ...[
    'secrets',
    '`secrets`',
    'attacked . secrets',
    '`attacked`.`secrets`',
    'secrets AS s',
    'secrets s',
    'secrets USE INDEX (PRIMARY)',
    '(secrets)',
    '((secrets))',
    '(SELECT * FROM secrets) AS s',
    '((SELECT * FROM secrets)) AS s',
    '((SELECT * FROM secrets) UNION (SELECT 9, 9)) AS s',
    'orders JOIN secrets',
    'orders STRAIGHT_JOIN secrets',
    'orders CROSS JOIN (customers CROSS JOIN secrets)',
    '(orders, secrets)',
    'orders, secrets',
    'orders LEFT JOIN secrets ON TRUE',
    'orders NATURAL JOIN secrets',
    'orders NATURAL LEFT JOIN secrets',
    'orders JOIN secrets USING (id)',
    '(WITH s AS (SELECT * FROM secrets) SELECT * FROM s) AS s',
    '(WITH secrets AS (SELECT * FROM secrets) SELECT * FROM secrets) AS s',
    '(WITH s AS (SELECT * FROM secrets), secrets AS (SELECT 1) SELECT * FROM s) AS s',
    '(WITH secrets AS (SELECT 1) SELECT * FROM attacked.secrets) AS s',
    '(SELECT 1 AS value UNION ALL SELECT value FROM secrets) AS s',
    '/* orders */ secrets # orders\n',
    'secrets -- orders\n',
  ].map((from): Form => ({ sql: `EXISTS (SELECT 1 FROM ${from} WHERE value = 'canary')` })),
  { sql: `EXISTS (SELECT 1 FROM secret_values WHERE content = 'canary')`, needsCatalog: true },
  { sql: `(SELECT value FROM secrets LIMIT 1) = 'canary'` },
  { sql: `'canary' IN (SELECT value FROM secrets)` },
  { sql: `'canary' IN ((SELECT min(value) FROM secrets))` },
  { sql: `(1, 'canary') IN (SELECT * FROM secrets)` },
  { sql: `(SELECT count(*) FROM secrets) = 1` },
]

const columnForms: readonly Form[] = [
  { sql: `c.email LIKE 'ada%'` },
  { sql: `email LIKE 'ada%'` },
  { sql: '`email` LIKE "ada%"' },
  { sql: 'c . `EMAIL` RLIKE "^ada"' },
  { sql: `c.email < 'b'` },
  { sql: `c.email SOUNDS LIKE 'ada@canary'` },
  { sql: `c.email <=> 'ada@canary'` },
  { sql: `c.email IN ('ada@canary')` },
  { sql: `c.email BETWEEN 'a' AND 'b'` },
  { sql: `BINARY c.email = 'ada@canary'` },
  { sql: `(c.id, c.email) = (c.id, 'ada@canary')` },
  { sql: `c.email COLLATE utf8mb4_bin < 'b'` },
  { sql: `STRCMP(c.email, 'b') < 0` },
  { sql: `LOCATE('ada', c.email)` },
  { sql: `LEFT(c.email, 3) = 'ada'` },
  { sql: `MD5(c.email) = MD5('ada@canary')` },
  { sql: `c.email_upper LIKE 'ADA%'`, needsCatalog: true },
  { sql: `(SELECT q.email FROM customers q WHERE q.id = c.id) = 'ada@canary'` },
  { sql: `(SELECT attacked.customers.email FROM customers WHERE id = c.id) = 'ada@canary'` },
  {
    sql: `(WITH w (i, m) AS (SELECT id, email FROM customers) SELECT m FROM w WHERE i = c.id) = 'ada@canary'`,
  },
  {
    sql: `(SELECT address FROM customer_emails e WHERE e.id = c.id) = 'ada@canary'`,
    needsCatalog: true,
  },
  {
    sql: `EXISTS (SELECT 1 FROM customers q NATURAL JOIN (SELECT 'ada@canary' AS email) g WHERE q.id = c.id)`,
  },
  {
    sql: `EXISTS (SELECT 1 FROM customers q JOIN (SELECT 'ada@canary' AS email) g USING (email) WHERE q.id = c.id)`,
  },
  { sql: `(SELECT max(email) FROM customers q WHERE q.id = c.id) = 'ada@canary'` },
  { sql: `(SELECT GROUP_CONCAT(email) FROM customers q WHERE q.id = c.id) = 'ada@canary'` },
  { sql: `JSON_VALUE(JSON_OBJECT('e', c.email), '$.e') = 'ada@canary'` },
]

const pick = (forms: readonly Form[], ...texts: readonly string[]) =>
  forms.filter(({ sql }) => texts.some((text) => sql.includes(text)))

/** Everything that reads what the policy hides. */
export const readingAttacks: readonly Attack[] = [
  ...crossed(
    34,
    [...places, ...constants],
    pick(
      tableForms,
      'FROM `secrets`',
      'WITH secrets AS (SELECT *',
      '(SELECT value FROM secrets LIMIT 1) =',
    ),
  ),
  ...crossed(34, places.slice(0, 6), tableForms),
  ...crossed(37, places, pick(columnForms, `c.email LIKE 'ada%'`, 'NATURAL JOIN', 'q.email FROM')),
  ...crossed(
    36,
    [places[0], places[5], places[13]].filter((place) => place !== undefined),
    columnForms,
  ),
  ...attacks(35, 'leaks', [
    'SELECT * FROM customers ORDER BY id',
    'SELECT c.* FROM customers c ORDER BY id',
    'SELECT attacked.customers.* FROM customers ORDER BY id',
    'SELECT email FROM customers ORDER BY id',
    'SELECT name FROM customers ORDER BY email',
    'SELECT name FROM customers UNION ALL SELECT email FROM customers WHERE id = 1',
    'SELECT * FROM customers NATURAL JOIN orders ORDER BY id',
    'SELECT * FROM secrets',
    'SELECT count(*) FROM secrets',
    'SELECT 1 FROM secrets',
    'SELECT `s`.`value` FROM `secrets` `s`',
    'SELECT JSON_ARRAYAGG(email) FROM customers',
    `SELECT j.a FROM customers c, JSON_TABLE(JSON_ARRAY(c.email), '$[*]' COLUMNS (a TEXT PATH '$')) AS j ORDER BY c.id`,
    `SELECT c.id FROM customers c JOIN JSON_TABLE('[1]', '$[*]' COLUMNS (a TEXT PATH '$')) AS j ON c.email > 'b' ORDER BY 1`,
    `SELECT customers.email FROM customers, JSON_TABLE('[1]', '$[*]' COLUMNS (email TEXT PATH '$')) AS j`,
    `SELECT (SELECT email FROM JSON_TABLE('[1]', '$[*]' COLUMNS (a TEXT PATH '$')) j) FROM customers ORDER BY id`,
    'SELECT name FROM customers ORDER BY email OFFSET 1 ROWS FETCH NEXT 1 ROW ONLY',
    'SELECT name FROM customers ORDER BY email FETCH FIRST ROW WITH TIES',
    'SELECT GROUP_CONCAT(name ORDER BY email LIMIT 1) FROM customers',
    `SELECT p.id FROM orders o LEFT JOIN orders p LEFT JOIN customers d ON d.email > 'b' ON p.id = d.id AND o.id = 1 ORDER BY p.id`,
    'SELECT PERCENTILE_DISC(0.5) WITHIN GROUP (ORDER BY LENGTH(CONCAT(email, IF(email < "b", "1", "")))) OVER (PARTITION BY id) FROM customers ORDER BY id',
    `SELECT id FROM customers WHERE _utf8mb4'ada@canary' = email`,
    'SELECT HEX(WEIGHT_STRING(email LEVEL 1)) FROM customers ORDER BY id',
    'SELECT HEX(CAST(email AS CHAR(3) CHARACTER SET utf8mb4)) FROM customers ORDER BY id',
  ]),
  ...attacks(11, 'leaks', [
    `SELECT id FROM orders WHERE id = 99 /*! UNION SELECT value FROM secrets */`,
    `SELECT id FROM orders WHERE id = 99 /*!50000 UNION SELECT value FROM secrets */`,
    `SELECT id FROM orders WHERE id = 99 /*M! UNION SELECT value FROM secrets */`,
    `SELECT id FROM orders WHERE id = 99 /*M!100000 UNION SELECT value FROM secrets */`,
    `SELECT id /*! , (SELECT max(value) FROM secrets) */ FROM orders ORDER BY id`,
    `SELECT id FROM orders /*!, secrets */ ORDER BY value, orders.id`.replace(
      'id FROM',
      'orders.id, value FROM',
    ),
    `SELECT /*!email*/ FROM customers ORDER BY id`,
    `SELECT 1 /*!*/ , email FROM customers ORDER BY id`,
  ]),
  ...attacks(12, 'leaks', [
    `SELECT id FROM orders WHERE id = 99--1 UNION SELECT value FROM secrets`,
    `SELECT id FROM orders WHERE id = 99 --1\n UNION SELECT value FROM secrets`,
    `SELECT id FROM orders WHERE id = 99 # x\n UNION SELECT value FROM secrets`,
    `SELECT id FROM orders WHERE id = 99 -- x\n UNION SELECT value FROM secrets`,
    `SELECT id FROM orders WHERE id = 99 /* */ UNION SELECT value FROM secrets`,
    `SELECT 'a\\' FROM orders', value FROM secrets`,
    `SELECT "a\\" FROM orders", value FROM secrets`,
    `SELECT 'a''\\'', value FROM secrets -- '`,
  ]),
  ...hiddenAttacks(40, 'leaks', [
    'SELECT * FROM customer_emails ORDER BY id',
    'SELECT id FROM customer_emails ORDER BY address',
    'SELECT * FROM secret_values',
    'SELECT email_upper FROM customers ORDER BY id',
  ]),
]
