import { createHash } from 'node:crypto'
import type { ServerConfig } from '../config/schema.ts'
import type { Caller } from './caller.ts'

/**
 * Names what a caller may see under a configuration: the same in all processes that have it, and
 * another one as soon as the role, its policies, its databases or the caller's attributes change.
 */
export function createRights({
  roles,
  policies,
  databases,
}: ServerConfig): (caller: Caller) => string {
  const ofRoles = new Map(
    Object.entries(roles).map(([name, role]) => {
      const named = role.policies.map((policy) => policies[policy])
      return [name, JSON.stringify([name, role.databases, named, databases])]
    }),
  )
  return ({ id, role, attributes }) => {
    const sorted = Object.entries(attributes).toSorted(([a], [b]) => (a < b ? -1 : 1))
    return createHash('sha256')
      .update(JSON.stringify([id, sorted, ofRoles.get(role)]))
      .digest('base64url')
  }
}
