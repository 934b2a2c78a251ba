import { attacks, type Attack } from '../attack.ts'

/** Columns of the system, which tell that a hidden value of a row was changed. */
export const systemColumns: readonly Attack[] = attacks(38, 'leaks', [
  'SELECT ctid FROM customers ORDER BY id',
  'SELECT c.ctid FROM customers c ORDER BY c.id',
  'SELECT xmin FROM customers ORDER BY id',
  `SELECT id FROM customers WHERE ctid < '(0,4)' ORDER BY id`,
  'SELECT count(*) FROM customers WHERE xmin::text = (SELECT max(xmin::text) FROM orders)',
  `SELECT (SELECT ctid FROM customers WHERE id = 1)::text`,
])
