/**
 * Where processes keep the places of calls that run at the same time. A place is a lease: it ends
 * by itself when its process dies.
 */
export interface LeaseStore {
  /** Takes one of `max` places of `key`, for `leaseMs` milliseconds; `false` when all are taken. */
  acquire(key: string, id: string, max: number, leaseMs: number): Promise<boolean>
  /** Keeps a place for `leaseMs` more milliseconds; `false` when it is not held any more. */
  renew(key: string, id: string, leaseMs: number): Promise<boolean>
  /** Gives a place back; nothing happens when it is not held any more. */
  release(key: string, id: string): Promise<void>
}
