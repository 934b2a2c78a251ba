export { catalogue } from './catalogue/catalogue.ts'
export { cacheRequests, sessionsActive } from './catalogue/area/server.ts'
export { databaseConnections, schemaCacheAge } from './catalogue/area/database.ts'
export { type Clock, systemClock } from './clock/clock.ts'
export {
  type Correlation,
  correlationHeaders,
  correlationMeta,
  currentCorrelation,
  type HeaderSource,
  readCorrelation,
  type ReadCorrelationOptions,
  withCorrelation,
} from './correlation/correlation.ts'
export {
  formatTraceparent,
  parseTraceparent,
  type TraceContext,
} from './correlation/trace-context.ts'
export {
  DefinitionConflictError,
  DefinitionInvalidError,
  isMetricsError,
  MetricsError,
  type MetricsErrorCode,
  OptionInvalidError,
} from './errors/errors.ts'
export {
  type DistributionReport,
  type MetricReport,
  metricsReport,
  type MetricsReport,
  type ValueReport,
} from './export/json-report.ts'
export type {
  Check,
  CheckFinding,
  CheckReport,
  HealthCheckOptions,
  HealthStatus,
} from './health/check.ts'
export {
  createHealth,
  type Health,
  type HealthOptions,
  type HealthReport,
  publicHealth,
  type Readiness,
} from './health/health.ts'
export {
  createOperation,
  type OperationLogger,
  type OperationOptions,
  type OperationOutcome,
  type RunOperation,
} from './logging/operation.ts'
export { redact, redactedFields, redactText } from './logging/redact.ts'
export type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
  LabelValues,
  MetricDefinition,
} from './meter/definition.ts'
export { createMeter, type MemoryMeter, type MeterOptions } from './meter/memory-meter.ts'
export type { Counter, Gauge, Histogram, Meter } from './meter/meter.ts'
export type {
  HistogramSeries,
  MetricSnapshot,
  MetricSource,
  NumberSeries,
  ReadOptions,
  SeriesLabels,
} from './meter/snapshot.ts'
export { type HttpEnd, observeHttp, type ObserveHttpOptions } from './observe/http.ts'
export { observeProcess } from './observe/process.ts'
export type { Percentiles } from './percentile/window.ts'
