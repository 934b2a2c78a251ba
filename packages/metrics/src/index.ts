export { catalogue } from './catalogue/catalogue.ts'
export {
  cacheRequests,
  httpServerActive,
  httpServerDuration,
  sessionsActive,
} from './catalogue/area/server.ts'
export { databaseConnections, schemaCacheAge } from './catalogue/area/database.ts'
export { type Clock, systemClock } from './clock/clock.ts'
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
  SeriesLabels,
} from './meter/snapshot.ts'
export { observeProcess } from './observe/process.ts'
export type { Percentiles } from './percentile/window.ts'
