import { catalogue } from '../catalogue/catalogue.ts'
import { databaseMetrics } from '../catalogue/area/database.ts'
import { guardMetrics } from '../catalogue/area/guard.ts'
import { mcpMetrics } from '../catalogue/area/mcp.ts'
import { modelMetrics } from '../catalogue/area/model.ts'
import { processMetrics } from '../catalogue/area/process.ts'
import { questionMetrics } from '../catalogue/area/question.ts'
import { resilienceMetrics } from '../catalogue/area/resilience.ts'
import { selfMetrics } from '../catalogue/area/self.ts'
import { serverMetrics } from '../catalogue/area/server.ts'
import { prometheusLabel, prometheusName } from '../export/prometheus-name.ts'
import type { MetricDefinition } from '../meter/definition.ts'

const areas: Readonly<Record<string, readonly MetricDefinition[]>> = {
  Questions: questionMetrics,
  Models: modelMetrics,
  Guard: guardMetrics,
  Databases: databaseMetrics,
  'MCP servers': mcpMetrics,
  Resilience: resilienceMetrics,
  Server: serverMetrics,
  'Process and machine': processMetrics,
  'The metrics themselves': selfMetrics,
}

/** Writes the page of all metrics, in Markdown. */
export function cataloguePage(): string {
  const lines = [
    '# Metrics',
    '',
    '<!-- Generated from the catalogue: npm run generate -w packages/metrics -->',
    '',
    `All ${catalogue.length} metrics, under the names that Prometheus sees. OpenTelemetry has the same names with dots, without unit and without \`_total\`. A label without a value is left out.`,
    '',
  ]
  for (const [title, metrics] of Object.entries(areas)) {
    lines.push(`## ${title}`, '')
    lines.push('| Metric | Kind | Unit | Labels | Meaning |', '| --- | --- | --- | --- | --- |')
    lines.push(...metrics.map(rowOf), '')
  }
  lines.push('## Buckets', '', '| Metric | Upper bounds |', '| --- | --- |')
  for (const metric of catalogue) {
    if (metric.kind !== 'histogram') continue
    lines.push(`| \`${prometheusName(metric)}\` | ${metric.buckets.join(' ')} |`)
  }
  return `${lines.join('\n')}\n`
}

function rowOf(metric: MetricDefinition): string {
  const labels = metric.labels.map((label) => `\`${prometheusLabel(label)}\``).join(' ')
  const cells = [
    `\`${prometheusName(metric)}\``,
    metric.kind,
    metric.unit,
    labels,
    metric.description,
  ]
  return `| ${cells.join(' | ')} |`
}
