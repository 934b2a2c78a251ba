import { randomBytes } from 'node:crypto'

/** A name for a database or a role that no other run uses at the same time. */
export function freshName(): string {
  return `t2t_test_${randomBytes(5).toString('hex')}`
}
