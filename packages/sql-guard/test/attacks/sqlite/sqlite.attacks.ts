import { attacks, type Attack, distinct } from '../attack.ts'
import { outerAttacks } from '../outer.ts'
import { actingAttacks } from './acting.ts'
import { lateNames } from './late-names.ts'
import { pickedRows } from './picked-rows.ts'
import { readingAttacks } from './reading.ts'
import { searches } from './searches.ts'

/** Texts in which relations of one name stand at several levels. */
const sharedAliases = attacks(37, 'leaks', [
  'SELECT u.email FROM orders u, customers u WHERE total = 10',
  'SELECT (SELECT u.email FROM orders u WHERE u.id = 1) FROM customers u ORDER BY id',
  `SELECT id FROM customers u WHERE EXISTS (SELECT 1 FROM orders u WHERE u.email LIKE 'ada%')`,
])

/** Texts that must not get through to SQLite. */
export const sqliteAttacks: readonly Attack[] = distinct([
  ...actingAttacks,
  ...readingAttacks,
  ...outerAttacks([`json_each('[1]')`, `json_each('[1]') x`, `json_tree('1') email`]),
  ...sharedAliases,
  ...lateNames,
  ...pickedRows,
  ...searches,
])
