import { attacks, type Attack, distinct } from '../attack.ts'
import { outerAttacks } from '../outer.ts'
import { actingAttacks } from './acting.ts'
import { readingAttacks } from './reading.ts'

/** Texts in which relations of one name stand at several levels. */
const sharedAliases = attacks(37, 'leaks', [
  'SELECT (SELECT u.email FROM orders u WHERE u.id = 1) FROM customers u ORDER BY id',
  `SELECT id FROM customers u WHERE EXISTS (SELECT 1 FROM orders u WHERE u.email LIKE 'ada%')`,
])

/** Texts that must not get through to MariaDB and MySQL. */
export const mariadbAttacks: readonly Attack[] = distinct([
  ...actingAttacks,
  ...readingAttacks,
  ...outerAttacks([]),
  ...sharedAliases,
])

/** What the attacks need besides the tables. */
export const mariadbExtras: readonly string[] = [
  'CREATE SEQUENCE numbers',
  'CREATE TABLE numbers_log (a int)',
  'CREATE PROCEDURE change_orders() UPDATE orders SET total = 0',
  'CREATE FUNCTION leak_secrets() RETURNS text READS SQL DATA RETURN (SELECT max(value) FROM secrets)',
]
