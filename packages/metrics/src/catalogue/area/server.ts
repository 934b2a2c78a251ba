import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
} from '../../meter/definition.ts'
import { otelBuckets, otelLabel, otelMetric } from '../otel-names.ts'

export const httpServerDuration = {
  kind: 'histogram',
  name: otelMetric.httpServerDuration,
  unit: 's',
  description: 'Time of HTTP requests, from their arrival to the last byte of the response.',
  labels: [otelLabel.httpMethod, otelLabel.httpRoute, otelLabel.httpStatus, otelLabel.errorType],
  buckets: otelBuckets.http,
} as const satisfies HistogramDefinition

export const httpServerActive = {
  kind: 'gauge',
  name: otelMetric.httpServerActive,
  unit: '{request}',
  description: 'HTTP requests that are being answered.',
  labels: [otelLabel.httpMethod],
} as const satisfies GaugeDefinition

export const sessionsActive = {
  kind: 'gauge',
  name: 't2t.sessions.active',
  unit: '{session}',
  description: 'Sessions that are open.',
  labels: [],
} as const satisfies GaugeDefinition

export const cacheRequests = {
  kind: 'counter',
  name: 't2t.cache.requests',
  unit: '{request}',
  description: 'Look-ups in a cache, by result: hit, miss, stale or bypass.',
  labels: ['t2t.cache', 't2t.server', 't2t.result'],
} as const satisfies CounterDefinition

export const serverMetrics = [
  httpServerDuration,
  httpServerActive,
  sessionsActive,
  cacheRequests,
] as const
