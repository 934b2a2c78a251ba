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
  return source.read({ percentiles: false }).map(metricText).join('')
}

function metricText(metric: MetricSnapshot): string {
  const { definition } = metric
  const name = prometheusName(definition)
  const lines = [
    `# HELP ${name} ${escapeHelp(definition.description)}`,
    `# TYPE ${name} ${definition.kind}`,
  ]
  if (metric.kind === 'histogram') {
    const bounds = metric.definition.buckets.map(String)
    for (const series of metric.series) addHistogramLines(lines, name, bounds, series)
  } else {
    for (const { labels, value } of metric.series)
      lines.push(`${name}${labelText(labels)} ${value}`)
  }
  return `${lines.join('\n')}\n`
}

function addHistogramLines(
  lines: string[],
  name: string,
  bounds: readonly string[],
  { labels, bucketCounts, sum, count }: HistogramSeries,
): void {
  const pairs = labelPairs(labels)
  const bucket = `${name}_bucket{${pairs === '' ? '' : `${pairs},`}le="`
  let below = 0
  for (const [index, inBucket] of bucketCounts.entries()) {
    below += inBucket
    lines.push(`${bucket}${bounds[index] ?? '+Inf'}"} ${below}`)
  }
  const set = pairs === '' ? '' : `{${pairs}}`
  lines.push(`${name}_sum${set} ${sum}`, `${name}_count${set} ${count}`)
}

function labelText(labels: SeriesLabels): string {
  const pairs = labelPairs(labels)
  return pairs === '' ? '' : `{${pairs}}`
}

function labelPairs(labels: SeriesLabels): string {
  return labels.map(([name, value]) => `${prometheusLabel(name)}="${escapeValue(value)}"`).join(',')
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n')
}

function escapeValue(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"')
}
