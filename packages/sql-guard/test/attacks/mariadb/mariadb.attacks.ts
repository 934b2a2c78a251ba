import { type Attack, distinct } from '../attack.ts'
import { actingAttacks } from './acting.ts'
import { readingAttacks } from './reading.ts'

/** Texts that must not get through to MariaDB and MySQL. */
export const mariadbAttacks: readonly Attack[] = distinct([...actingAttacks, ...readingAttacks])

/** What the attacks need besides the tables. */
export const mariadbExtras: readonly string[] = [
  'CREATE SEQUENCE numbers',
  'CREATE TABLE numbers_log (a int)',
  'CREATE PROCEDURE change_orders() UPDATE orders SET total = 0',
  'CREATE FUNCTION leak_secrets() RETURNS text READS SQL DATA RETURN (SELECT max(value) FROM secrets)',
]
