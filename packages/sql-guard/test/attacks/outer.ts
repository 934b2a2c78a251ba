import { attacks, type Attack } from './attack.ts'

/**
 * Texts that name a hidden column of an outer level behind something that might have it, and has it
 * not. `rows` are functions in `FROM` that give one row.
 */
export function outerAttacks(rows: readonly string[]): readonly Attack[] {
  const sources = [
    ...rows,
    ...rows.map((from) => `(SELECT * FROM ${from}) z`),
    ...rows.map((from) => `${from} CROSS JOIN (SELECT 1 AS one) y`),
    'orders WHERE orders.id = 1',
    '(SELECT total FROM orders WHERE orders.id = 1) y',
    '(SELECT * FROM orders WHERE orders.id = 1) y',
  ]
  const conditions = rows.map((from) => `EXISTS (SELECT 1 FROM ${from} WHERE email LIKE 'ada%')`)
  return attacks(37, 'leaks', [
    ...sources.flatMap((from) => [
      `SELECT (SELECT email FROM ${from}) FROM customers ORDER BY id`,
      `SELECT id FROM customers ORDER BY (SELECT email FROM ${from})`,
      `SELECT (SELECT (SELECT email FROM ${from})) FROM customers ORDER BY id`,
      `WITH f AS (SELECT * FROM ${from}) SELECT (SELECT email FROM f) FROM customers ORDER BY id`,
    ]),
    ...[...conditions, `(SELECT email FROM orders WHERE orders.id = 1) LIKE 'ada%'`].map(
      (condition) => `SELECT id FROM customers WHERE ${condition} ORDER BY id`,
    ),
  ])
}
