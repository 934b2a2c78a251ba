import { catalogue } from '../catalogue/catalogue.ts'
import {
  databaseConnections,
  databaseDuration,
  databaseMetrics,
  schemaCacheAge,
} from '../catalogue/area/database.ts'
import { guardMetrics, guardRejections } from '../catalogue/area/guard.ts'
import { mcpClientDuration, mcpConnected, mcpMetrics } from '../catalogue/area/mcp.ts'
import { modelDuration, modelMetrics, modelTokens } from '../catalogue/area/model.ts'
import {
  processMemory,
  processMetrics,
  processUptime,
  systemCpuUtilization,
  systemMemoryUtilization,
} from '../catalogue/area/process.ts'
import {
  questionDuration,
  questionMetrics,
  recoveredQuestions,
  recoveryAttempts,
} from '../catalogue/area/question.ts'
import { resilienceMetrics } from '../catalogue/area/resilience.ts'
import { selfMetrics } from '../catalogue/area/self.ts'
import {
  cacheRequests,
  httpServerActive,
  httpServerDuration,
  serverMetrics,
  sessionsActive,
} from '../catalogue/area/server.ts'
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

/** What people look for, and the metrics that hold it. */
const subjects: Readonly<Record<string, readonly MetricDefinition[]>> = {
  'Calls of a model, their time and failures': [modelDuration],
  'Tokens, by database, status and kind': [modelTokens],
  'Queries of a database and their time': [databaseDuration],
  'Size of a pool, by state': [databaseConnections],
  'Refused SQL, by reason': [guardRejections],
  'Age of the cached schema': [schemaCacheAge],
  'HTTP requests, and their time': [httpServerDuration, httpServerActive],
  'Calls of MCP tools, their time and success': [mcpClientDuration],
  'Connection to each MCP server': [mcpConnected],
  'Open sessions': [sessionsActive],
  'Processors and memory of the machine': [systemCpuUtilization, systemMemoryUtilization],
  'Memory and uptime of the process': [processMemory, processUptime],
  'Questions: time, and success rate by outcome': [questionDuration],
  'Cache hits, misses and their rate': [cacheRequests],
  'Attempts to recover from a refused draft': [recoveryAttempts],
  'Recovery successes, and their rate': [recoveredQuestions],
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
  lines.push('## What to look at', '', '| You want | Look at |', '| --- | --- |')
  for (const [wish, metrics] of Object.entries(subjects)) {
    lines.push(
      `| ${wish} | ${metrics.map((metric) => `\`${prometheusName(metric)}\``).join(' ')} |`,
    )
  }
  lines.push('')
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
