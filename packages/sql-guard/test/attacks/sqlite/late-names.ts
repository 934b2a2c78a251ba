import { attacks, type Attack, hiddenAttacks } from '../attack.ts'

/**
 * Common tables with a name that they do not have: SQLite reads their text where they are used, and
 * finds the name there.
 */
export const lateNames: readonly Attack[] = [
  ...attacks(37, 'leaks', [
    `WITH f AS (SELECT email FROM json_each('[1]')) SELECT (SELECT email FROM f) FROM customers ORDER BY id`,
    `WITH f AS (SELECT email FROM json_each('[1]') JOIN (SELECT 1)) SELECT (SELECT email FROM f) FROM customers ORDER BY id`,
    `WITH f AS (SELECT 1 FROM json_each('[1]') WHERE email LIKE 'ada%') SELECT id FROM customers WHERE EXISTS (SELECT 1 FROM f)`,
    `WITH f AS (SELECT j.email FROM json_each('[1]') j) SELECT (SELECT * FROM f) FROM customers j ORDER BY id`,
    `WITH f AS (SELECT email FROM json_each('[1]')), g AS (SELECT * FROM f) SELECT (SELECT * FROM g) FROM customers ORDER BY id`,
    'WITH f AS (SELECT email) SELECT (SELECT email FROM f) FROM customers ORDER BY id',
    'WITH f AS (SELECT email FROM orders WHERE id = 1) SELECT (SELECT email FROM f) FROM customers ORDER BY id',
    `SELECT (WITH f AS (SELECT email) SELECT (SELECT * FROM f) FROM customers) FROM (SELECT id AS email FROM orders)`,
    `SELECT (WITH f AS (SELECT 1 WHERE email LIKE 'ada%') SELECT count(*) FROM customers WHERE id = 1 AND EXISTS (SELECT * FROM f)) FROM (SELECT id AS email FROM orders)`,
  ]),
  ...hiddenAttacks(37, 'leaks', [
    'WITH f AS (SELECT address) SELECT (SELECT * FROM f) FROM customer_emails ORDER BY id',
  ]),
]
