import { breakerState, breakerTransitions } from '../catalogue/area/resilience.ts'
import type { Meter } from '../meter/meter.ts'

/** The values of the gauge `t2t.breaker.state`; the higher, the worse. */
const states = { closed: 0, 'half-open': 1, open: 2 } as const

/** A state of a circuit breaker. */
export type CircuitState = keyof typeof states

/** Makes a function to call when a circuit breaker comes to another state. */
export function observeCircuit(
  meter: Meter,
): (policy: string, state: CircuitState, reason?: string) => void {
  const gauge = meter.gauge(breakerState)
  const transitions = meter.counter(breakerTransitions)

  return (policy, state, reason) => {
    gauge.set(states[state], { 't2t.policy': policy })
    transitions.add(1, { 't2t.policy': policy, 't2t.state': state, 't2t.reason': reason })
  }
}
