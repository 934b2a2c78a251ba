import type { CounterDefinition } from '../../meter/definition.ts'

/** How often the bound on label values acted. */
export const overflowObservations = {
  kind: 'counter',
  name: 't2t.metrics.overflows',
  unit: '{observation}',
  description: 'Observations counted as other, because the metric had its number of label values.',
  labels: ['t2t.metric'],
} as const satisfies CounterDefinition

/** How often a value made no sense. */
export const invalidObservations = {
  kind: 'counter',
  name: 't2t.metrics.invalid',
  unit: '{observation}',
  description: 'Observations dropped, because their value was not a finite number from 0 up.',
  labels: ['t2t.metric'],
} as const satisfies CounterDefinition

export const selfMetrics = [overflowObservations, invalidObservations] as const
