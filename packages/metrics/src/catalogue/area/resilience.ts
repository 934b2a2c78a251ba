import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
} from '../../meter/definition.ts'
import { otelBuckets, otelLabel } from '../otel-names.ts'

export const retryAttempts = {
  kind: 'counter',
  name: 't2t.retry.attempts',
  unit: '{attempt}',
  description: 'Attempts that failed, by policy and by whether another one follows.',
  labels: ['t2t.policy', 't2t.outcome', otelLabel.errorType],
} as const satisfies CounterDefinition

export const retryPauses = {
  kind: 'histogram',
  name: 't2t.retry.pause',
  unit: 's',
  description: 'Pauses before another attempt, by policy and by whether the server asked for it.',
  labels: ['t2t.policy', 't2t.source'],
  buckets: otelBuckets.mcp,
} as const satisfies HistogramDefinition

export const retryCalls = {
  kind: 'counter',
  name: 't2t.retry.calls',
  unit: '{call}',
  description: 'Calls that needed a retry, by policy and by whether they recovered.',
  labels: ['t2t.policy', 't2t.outcome'],
} as const satisfies CounterDefinition

export const timeouts = {
  kind: 'counter',
  name: 't2t.timeouts',
  unit: '{call}',
  description: 'Calls and attempts that were ended by a timeout, by policy.',
  labels: ['t2t.policy', 't2t.covers'],
} as const satisfies CounterDefinition

/** 0 is closed, 1 half-open, 2 open: the higher, the worse. */
export const breakerState = {
  kind: 'gauge',
  name: 't2t.breaker.state',
  unit: '{state}',
  description: 'State of a circuit breaker: 0 closed, 1 half-open, 2 open.',
  labels: ['t2t.policy'],
} as const satisfies GaugeDefinition

export const breakerTransitions = {
  kind: 'counter',
  name: 't2t.breaker.transitions',
  unit: '{transition}',
  description: 'Changes of state of a circuit breaker, by the state that it came to.',
  labels: ['t2t.policy', 't2t.state', 't2t.reason'],
} as const satisfies CounterDefinition

export const callRejections = {
  kind: 'counter',
  name: 't2t.call.rejections',
  unit: '{call}',
  description: 'Calls that a policy refused: by circuit, rate limit, bulkhead or budget.',
  labels: ['t2t.policy', 't2t.reason'],
} as const satisfies CounterDefinition

export const callsQueued = {
  kind: 'counter',
  name: 't2t.call.queued',
  unit: '{call}',
  description: 'Calls that had to wait for their turn, by what made them wait.',
  labels: ['t2t.policy', 't2t.reason'],
} as const satisfies CounterDefinition

export const callHedges = {
  kind: 'counter',
  name: 't2t.call.hedges',
  unit: '{call}',
  description: 'Second copies of calls, by whether the first one was slow or failed.',
  labels: ['t2t.policy', 't2t.reason'],
} as const satisfies CounterDefinition

export const callFallbacks = {
  kind: 'counter',
  name: 't2t.call.fallbacks',
  unit: '{call}',
  description: 'Calls whose result came from a fallback.',
  labels: ['t2t.policy', otelLabel.errorType],
} as const satisfies CounterDefinition

export const sharedStoreEvents = {
  kind: 'counter',
  name: 't2t.shared_store.events',
  unit: '{event}',
  description: 'What happened to the store that processes share: failed, recovered or lease-lost.',
  labels: ['t2t.policy', 't2t.event', otelLabel.errorType],
} as const satisfies CounterDefinition

export const resilienceMetrics = [
  retryAttempts,
  retryPauses,
  retryCalls,
  timeouts,
  breakerState,
  breakerTransitions,
  callRejections,
  callsQueued,
  callHedges,
  callFallbacks,
  sharedStoreEvents,
] as const
