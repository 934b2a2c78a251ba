import type { Shelf } from './shelf.ts'

/**
 * Keeps in the memory of this process what the shared shelf cannot take now: a store that is away
 * costs other processes the sight of it, and the caller nothing.
 */
export function steadfastShelf(shared: Shelf, own: Shelf): Shelf {
  const orElse = async <Value>(
    work: () => Promise<Value>,
    instead: () => Promise<Value>,
  ): Promise<Value> => {
    try {
      return await work()
    } catch {
      return instead()
    }
  }
  return {
    put: (...args) =>
      orElse(
        () => shared.put(...args),
        () => own.put(...args),
      ),
    claim: (...args) =>
      orElse(
        () => shared.claim(...args),
        () => own.claim(...args),
      ),
    async get(place, names) {
      const none = async (): Promise<readonly undefined[]> => names.map(() => undefined)
      const found = await orElse(() => shared.get(place, names), none)
      return found.every((piece) => piece === undefined) ? own.get(place, names) : found
    },
    async clear(place) {
      await own.clear(place)
      // What cannot be reached now ends by itself.
      await shared.clear(place).catch(() => undefined)
    },
    clearAll: async (owner) => (await own.clearAll(owner)) + (await shared.clearAll(owner)),
  }
}
