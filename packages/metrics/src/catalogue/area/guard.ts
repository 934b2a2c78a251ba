import type { CounterDefinition, HistogramDefinition } from '../../meter/definition.ts'
import { otelLabel } from '../otel-names.ts'

export const guardDuration = {
  kind: 'histogram',
  name: 't2t.sql.check.duration',
  unit: 's',
  description: 'Time to decide whether a SQL text may run, by decision.',
  labels: [otelLabel.databaseSystem, 't2t.policy', 't2t.outcome'],
  buckets: [0.000_05, 0.000_1, 0.000_25, 0.000_5, 0.001, 0.002_5, 0.005, 0.01, 0.025, 0.05, 0.1],
} as const satisfies HistogramDefinition

export const guardRejections = {
  kind: 'counter',
  name: 't2t.sql.rejections',
  unit: '{rejection}',
  description: 'Reasons for which SQL texts were refused; one text can have several.',
  labels: [otelLabel.databaseSystem, 't2t.policy', 't2t.rule'],
} as const satisfies CounterDefinition

export const guardMetrics = [guardDuration, guardRejections] as const
