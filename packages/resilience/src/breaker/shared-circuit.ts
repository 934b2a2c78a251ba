import type { Clock } from '../clock/clock.ts'
import { checkPositive } from '../errors/check.ts'
import { emit } from '../events/emit.ts'
import type { ResilienceListener } from '../events/events.ts'
import type { Circuit } from './circuit.ts'
import type { CircuitStore } from './circuit-store.ts'

/** How breakers of several processes share what one of them learned. */
export interface SharedCircuitOptions {
  readonly store: CircuitStore
  /** The name of the upstream; breakers with the same key share their state. */
  readonly key: string
  /**
   * How old the shared state may get, in milliseconds, before a call asks for it again. No call
   * waits for the answer.
   * @defaultValue 1_000
   */
  readonly refreshMs?: number | undefined
}

/** The link between one circuit and its store. */
export interface SharedCircuit {
  readonly publish: (openForMs: number) => void
  /** Asks for the shared state when it is old; opens the circuit once the answer says so. */
  readonly refresh: (circuit: Circuit) => void
}

/** After this many refreshes without an answer, the store is asked again. */
const longestAnswer = 10

/** Links a circuit to a store. A store that fails changes nothing: each process decides alone. */
export function shareCircuit(
  options: SharedCircuitOptions,
  name: string,
  clock: Clock,
  onEvent: ResilienceListener | undefined,
): SharedCircuit {
  const { store, key, refreshMs = 1_000 } = options
  checkPositive('refreshMs', refreshMs)
  let refreshedAt = Number.NEGATIVE_INFINITY
  let isAsking = false
  let isAway = false

  const failed = (error: unknown): void => {
    if (isAway) return
    isAway = true
    emit(onEvent, { type: 'store-failed', name, decision: 'local', error })
  }
  const answered = (): void => {
    if (isAway) emit(onEvent, { type: 'store-recovered', name })
    isAway = false
  }

  return {
    publish: (openForMs) => {
      attempt(() => store.write(key, openForMs)).then(answered, failed)
    },
    refresh: (circuit) => {
      if (circuit.state !== 'closed') return
      const now = clock.now()
      if (now - refreshedAt < (isAsking ? longestAnswer : 1) * refreshMs) return
      refreshedAt = now
      isAsking = true
      const { generation } = circuit
      attempt(() => store.read(key))
        .then((openForMs) => {
          answered()
          if (openForMs > 0 && circuit.generation === generation) circuit.open('shared', openForMs)
        }, failed)
        .finally(() => {
          isAsking = false
        })
    },
  }
}

/** Calls a store so that what it throws is a rejection too. */
async function attempt<Value>(ask: () => Promise<Value>): Promise<Value> {
  return ask()
}
