import { createFakeClock } from '../clock/fake-clock.ts'
import { entryPromises } from './contract/entry-promises.ts'
import { inputPromises } from './contract/input-promises.ts'
import { sessionPromises } from './contract/session-promises.ts'
import type { SessionStore, SessionStoreOptions } from './store.ts'

/** Makes an empty store that uses the clock and the ids that it is given. */
export type CreateStore = (options: SessionStoreOptions) => Promise<SessionStore>

/** One thing that every store must do. */
export interface SessionStorePromise {
  /** A sentence whose subject is the store. */
  readonly promise: string
  /** Rejects when the store does not do it. */
  readonly check: (createStore: CreateStore) => Promise<void>
}

/**
 * What every {@link SessionStore} must do.
 *
 * @example
 * ```ts
 * import { memoryStore } from '@t2t/sessions'
 * import { sessionStoreContract } from '@t2t/sessions/testing'
 *
 * for (const { check } of sessionStoreContract) {
 *   await check(async (options) => memoryStore(options))
 * }
 * ```
 */
export const sessionStoreContract: readonly SessionStorePromise[] = [
  ...sessionPromises,
  ...entryPromises,
  ...inputPromises,
].map(({ promise, check }) => ({
  promise,
  async check(createStore) {
    const clock = createFakeClock()
    let count = 0
    const createId = (): string => `session-${String(++count).padStart(4, '0')}`
    const store = await createStore({ clock, createId })
    try {
      await check({ store, clock })
    } finally {
      await store.close()
    }
  },
}))
