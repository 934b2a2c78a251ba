/** Where processes tell each other that a circuit is open. */
export interface CircuitStore {
  /** For how much longer the circuit is open, in milliseconds; 0 when it is not. */
  read(key: string): Promise<number>
  /** Says that the circuit is open for this many milliseconds; 0 says that it closed. */
  write(key: string, openForMs: number): Promise<void>
}

/** Creates a store for circuits within one process: for tests, and for several breakers in one. */
export function createMemoryCircuitStore(now: () => number = () => Date.now()): CircuitStore {
  const openUntil = new Map<string, number>()
  return {
    read: async (key) => Math.max(0, (openUntil.get(key) ?? 0) - now()),
    write: async (key, openForMs) => {
      if (openForMs > 0) openUntil.set(key, now() + openForMs)
      else openUntil.delete(key)
    },
  }
}
