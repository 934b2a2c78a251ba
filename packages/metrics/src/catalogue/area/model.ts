import type { HistogramDefinition } from '../../meter/definition.ts'
import { otelBuckets, otelLabel, otelMetric } from '../otel-names.ts'

const labels = [
  otelLabel.modelOperation,
  otelLabel.modelProvider,
  otelLabel.modelName,
  otelLabel.databaseName,
  otelLabel.errorType,
] as const

export const modelDuration = {
  kind: 'histogram',
  name: otelMetric.modelDuration,
  unit: 's',
  description: 'Time of calls of a language model; error.type is there when a call failed.',
  labels,
  buckets: otelBuckets.model,
} as const satisfies HistogramDefinition

export const modelTokens = {
  kind: 'histogram',
  name: otelMetric.modelTokens,
  unit: '{token}',
  description: 'Tokens of calls of a language model, as its provider counts them.',
  labels: [...labels, otelLabel.tokenType],
  buckets: otelBuckets.tokens,
} as const satisfies HistogramDefinition

export const modelMetrics = [modelDuration, modelTokens] as const
