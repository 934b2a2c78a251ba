import type { Clock } from '../clock/clock.ts'
import { systemClock } from '../clock/system-clock.ts'
import type { LeaseStore } from './lease-store.ts'

/** Creates a store for leases within one process: for tests, and for several policies in one. */
export function createMemoryLeaseStore(
  options: { readonly clock?: Clock | undefined } = {},
): LeaseStore {
  const { clock = systemClock } = options
  const held = new Map<string, Map<string, number>>()

  const current = (key: string): Map<string, number> => {
    const leases = held.get(key) ?? new Map<string, number>()
    const now = clock.now()
    for (const [id, until] of leases) if (until <= now) leases.delete(id)
    return leases
  }

  return {
    acquire: async (key, id, max, leaseMs) => {
      const leases = current(key)
      if (leases.size >= max) return false
      leases.set(id, clock.now() + leaseMs)
      held.set(key, leases)
      return true
    },
    renew: async (key, id, leaseMs) => {
      const leases = current(key)
      if (!leases.has(id)) return false
      leases.set(id, clock.now() + leaseMs)
      return true
    },
    release: async (key, id) => {
      const leases = current(key)
      leases.delete(id)
      if (leases.size === 0) held.delete(key)
    },
  }
}
