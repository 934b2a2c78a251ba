import type {
  HistogramSeries,
  MetricSnapshot,
  MetricSource,
  SeriesLabels,
} from '../meter/snapshot.ts'
import { relativeError } from '../percentile/sketch.ts'

/** Every metric with its values, as plain JSON. */
export interface MetricsReport {
  /**
   * How far a percentile can be from the value that it stands for, as a share of that value:
   * 0.01, for values from 1e-9 to 1e12.
   */
  readonly percentileError: number
  readonly metrics: readonly MetricReport[]
}

/** One metric. */
export interface MetricReport {
  /** The OpenTelemetry spelling, such as `db.client.operation.duration`. */
  readonly name: string
  readonly kind: 'counter' | 'gauge' | 'histogram'
  readonly unit: string
  readonly description: string
  readonly series: readonly (ValueReport | DistributionReport)[]
}

/** One label set of a counter or gauge. */
export interface ValueReport {
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

/** One label set of a histogram; percentiles are `null` when nothing was observed lately. */
export interface DistributionReport {
  readonly labels: Readonly<Record<string, string>>
  /** Observations since the start. */
  readonly count: number
  /** Of all values since the start. */
  readonly sum: number
  readonly mean: number | null
  readonly p50: number | null
  readonly p95: number | null
  readonly p99: number | null
}

/**
 * Reports every metric with its percentiles.
 *
 * Percentiles cover the last one to two windows of the meter and are within 1 % of the true value.
 */
export function metricsReport(source: MetricSource): MetricsReport {
  return { percentileError: relativeError, metrics: source.read().map(reportOf) }
}

function reportOf(metric: MetricSnapshot): MetricReport {
  const { name, kind, unit, description } = metric.definition
  const series =
    metric.kind === 'histogram'
      ? metric.series.map(distributionOf)
      : metric.series.map(({ labels, value }) => ({ labels: recordOf(labels), value }))
  return { name, kind, unit, description, series }
}

function distributionOf(series: HistogramSeries): DistributionReport {
  const { count, sum, percentiles } = series
  return {
    labels: recordOf(series.labels),
    count,
    sum,
    mean: count === 0 ? null : sum / count,
    p50: percentiles?.p50 ?? null,
    p95: percentiles?.p95 ?? null,
    p99: percentiles?.p99 ?? null,
  }
}

function recordOf(labels: SeriesLabels): Readonly<Record<string, string>> {
  return Object.fromEntries(labels)
}
