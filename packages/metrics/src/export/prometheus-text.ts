import type {
  MetricSource,
  HistogramSeries,
  MetricSnapshot,
  SeriesLabels,
} from '../meter/snapshot.ts'
import { prometheusLabel, prometheusName } from './prometheus-name.ts'

/** The content type of {@link prometheusText}. */
export const prometheusContentType = 'text/plain; version=0.0.4; charset=utf-8'

/**
 * Writes the metrics of a meter in the text format that Prometheus scrapes.
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http'
 * import { createMeter } from '@t2t/metrics'
 * import { prometheusContentType, prometheusText } from '@t2t/metrics/prometheus'
 *
 * const meter = createMeter()
 * createServer((_, response) => {
 *   response.setHeader('content-type', prometheusContentType).end(prometheusText(meter))
 * })
 * ```
 */
export function prometheusText(source: MetricSource): string {
  return source.read().map(metricText).join('')
}

function metricText(metric: MetricSnapshot): string {
  const { definition } = metric
  const name = prometheusName(definition)
  const lines = [
    `# HELP ${name} ${escapeHelp(definition.description)}`,
    `# TYPE ${name} ${definition.kind}`,
  ]
  if (metric.kind === 'histogram') {
    const { buckets } = metric.definition
    for (const series of metric.series) lines.push(...histogramLines(name, buckets, series))
  } else {
    for (const { labels, value } of metric.series)
      lines.push(`${name}${labelText(labels)} ${value}`)
  }
  return `${lines.join('\n')}\n`
}

function histogramLines(
  name: string,
  bounds: readonly number[],
  series: HistogramSeries,
): string[] {
  let below = 0
  const lines = series.bucketCounts.map((count, index) => {
    below += count
    const bound = bounds[index]
    const le = bound === undefined ? '+Inf' : String(bound)
    return `${name}_bucket${labelText(series.labels, le)} ${below}`
  })
  const labels = labelText(series.labels)
  lines.push(`${name}_sum${labels} ${series.sum}`, `${name}_count${labels} ${series.count}`)
  return lines
}

function labelText(labels: SeriesLabels, le?: string): string {
  const pairs = labels.map(([name, value]) => `${prometheusLabel(name)}="${escapeValue(value)}"`)
  if (le !== undefined) pairs.push(`le="${le}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
