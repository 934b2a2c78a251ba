import { attacks, type Attack, distinct } from '../attack.ts'
import { outerAttacks } from '../outer.ts'
import { actingAttacks } from './acting.ts'
import { otherPicked, pickedColumns, pickedRows, pickedSchema } from './picked-rows.ts'
import { readingAttacks } from './reading.ts'

/** Texts in which relations of one name stand at several levels. */
const sharedAliases = attacks(37, 'leaks', [
  'SELECT (SELECT u.email FROM orders u WHERE u.id = 1) FROM customers u ORDER BY id',
  `SELECT id FROM customers u WHERE EXISTS (SELECT 1 FROM orders u WHERE u.email LIKE 'ada%')`,
])

/** Names that differ in case only, and names whose case JavaScript changes in another way. */
const caseAttacks = attacks(37, 'leaks', [
  `SELECT (SELECT o.email FROM (SELECT 'x' AS email) O) FROM customers o ORDER BY o.id`,
  `SELECT id FROM customers c WHERE (SELECT c.email FROM (SELECT 'x' AS email) C) LIKE 'ada%'`,
  'SELECT straße FROM wege',
  'SELECT STRAßE FROM wege',
  'SELECT `Straße` FROM wege',
  'SELECT w.straßE FROM wege w ORDER BY 1',
  `SELECT id FROM wege WHERE straße = 'canary'`,
  'SELECT id FROM wege ORDER BY (straße = "canary") * id',
  'SELECT ΑΣ FROM wege',
  'SELECT `ασ` FROM wege',
])

/** Columns that the policy hides besides those of the world. */
export const hiddenColumns = ['wege.straße', 'wege.ΑΣ', ...pickedColumns] as const

/** Changes what the policy hides in these columns, and nothing else. */
export const otherColumns = `; UPDATE wege SET straße = IF(id = 1, 'zebra', 'canary'), ΑΣ = 'zebra'${otherPicked}`

/** Texts that must not get through to MariaDB and MySQL. */
export const mariadbAttacks: readonly Attack[] = distinct([
  ...actingAttacks,
  ...readingAttacks,
  ...outerAttacks([]),
  ...sharedAliases,
  ...caseAttacks,
  ...pickedRows,
])

/** What the attacks need besides the tables. */
export const mariadbExtras: readonly string[] = [
  ...pickedSchema,
  'CREATE SEQUENCE numbers',
  'CREATE TABLE wege (id int, straße varchar(20), ΑΣ varchar(20)) CHARSET utf8mb4',
  `INSERT INTO wege VALUES (1, 'canary', 'canary'), (2, 'open', 'open')`,
  'CREATE TABLE numbers_log (a int)',
  'CREATE PROCEDURE change_orders() UPDATE orders SET total = 0',
  'CREATE FUNCTION leak_secrets() RETURNS text READS SQL DATA RETURN (SELECT max(value) FROM secrets)',
]
