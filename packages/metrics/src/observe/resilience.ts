import type { ResilienceEvent } from '@t2t/resilience'
import {
  callFallbacks,
  callHedges,
  callRejections,
  callsQueued,
  retryAttempts,
  retryCalls,
  retryPauses,
  sharedStoreEvents,
  timeouts,
} from '../catalogue/area/resilience.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import { errorType } from '../errors/error-type.ts'
import type { Meter } from '../meter/meter.ts'
import { observeCircuit } from './circuit.ts'
import { ignoreUnknown, quietly, secondsOf } from './quietly.ts'

/**
 * Makes a listener that counts what policies do: attempts, pauses, circuits, refusals.
 *
 * The listener never throws. One listener serves any number of policies; their names tell them
 * apart.
 *
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observeResilience(meter: Meter): (event: ResilienceEvent) => void {
  const retries = retryObserver(meter)
  const enter = observeCircuit(meter)
  const stores = meter.counter(sharedStoreEvents)
  const rejections = meter.counter(callRejections)
  const queued = meter.counter(callsQueued)
  const hedges = meter.counter(callHedges)
  const fallbacks = meter.counter(callFallbacks)

  return quietly((event) => {
    const policy = { 't2t.policy': event.name }
    switch (event.type) {
      case 'attempt-failed':
      case 'pause-started':
      case 'call-recovered':
      case 'retries-exhausted':
      case 'call-timed-out':
        retries(event)
        return
      case 'circuit-opened':
        enter(event.name, 'open', event.because)
        return
      case 'circuit-half-opened':
        enter(event.name, 'half-open')
        return
      case 'circuit-closed':
        enter(event.name, 'closed')
        return
      case 'call-refused':
        rejections.add(1, { ...policy, 't2t.reason': event.by })
        return
      case 'call-queued':
        queued.add(1, { ...policy, 't2t.reason': event.by })
        return
      case 'call-hedged':
        hedges.add(1, { ...policy, 't2t.reason': event.because })
        return
      case 'fallback-used':
        fallbacks.add(1, { ...policy, [otelLabel.errorType]: errorType(event.error) })
        return
      case 'store-failed':
        stores.add(1, {
          ...policy,
          't2t.event': 'failed',
          [otelLabel.errorType]: errorType(event.error),
        })
        return
      case 'store-recovered':
        stores.add(1, { ...policy, 't2t.event': 'recovered' })
        return
      case 'lease-lost':
        stores.add(1, { ...policy, 't2t.event': 'lease-lost' })
        return
      default:
        ignoreUnknown(event)
    }
  })
}

type EventOf<Type extends ResilienceEvent['type']> = Extract<
  ResilienceEvent,
  { readonly type: Type }
>

type RetryEvent = EventOf<
  'attempt-failed' | 'pause-started' | 'call-recovered' | 'retries-exhausted' | 'call-timed-out'
>

function retryObserver(meter: Meter): (event: RetryEvent) => void {
  const attempts = meter.counter(retryAttempts)
  const pauses = meter.histogram(retryPauses)
  const calls = meter.counter(retryCalls)
  const timedOut = meter.counter(timeouts)

  return (event) => {
    const policy = { 't2t.policy': event.name }
    switch (event.type) {
      case 'attempt-failed':
        attempts.add(1, {
          ...policy,
          't2t.outcome': event.willRetry ? 'repeated' : 'given-up',
          [otelLabel.errorType]: errorType(event.error),
        })
        return
      case 'pause-started':
        pauses.record(secondsOf(event.pauseMs), {
          ...policy,
          't2t.source': event.retryAfterMs === undefined ? 'backoff' : 'server',
        })
        return
      case 'call-recovered':
        calls.add(1, { ...policy, 't2t.outcome': 'recovered' })
        return
      case 'retries-exhausted':
        calls.add(1, { ...policy, 't2t.outcome': event.reason })
        return
      case 'call-timed-out':
        timedOut.add(1, { ...policy, 't2t.covers': event.covers })
        return
      default:
        ignoreUnknown(event)
    }
  }
}
