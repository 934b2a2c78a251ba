import { databaseDuration, schemaCacheAge } from '../catalogue/area/database.ts'
import { mcpConnected } from '../catalogue/area/mcp.ts'
import { modelDuration } from '../catalogue/area/model.ts'
import { systemMemoryUtilization } from '../catalogue/area/process.ts'
import { questionDuration } from '../catalogue/area/question.ts'
import { breakerState, sharedStoreEvents } from '../catalogue/area/resilience.ts'
import { overflowObservations } from '../catalogue/area/self.ts'
import { httpServerDuration } from '../catalogue/area/server.ts'
import { callsPerSecond, latest, perSecond, quantile } from './expression.ts'

interface AlertRule {
  readonly name: string
  readonly when: string
  readonly for: string
  readonly severity: 'critical' | 'warning'
  /** One sentence: what is the matter, and what to look at first. */
  readonly summary: string
}

const failing = { not: '' }

const rules: readonly AlertRule[] = [
  {
    name: 'T2tQuestionsFail',
    when: `${callsPerSecond(questionDuration, { where: { 't2t.outcome': 'failed' } })} / ${callsPerSecond(questionDuration)} > 0.1`,
    for: '5m',
    severity: 'critical',
    summary: 'More than 10 % of questions fail; see the error types of models and databases.',
  },
  {
    name: 'T2tQuestionsSlow',
    when: `${quantile(questionDuration, 0.95)} > 30`,
    for: '10m',
    severity: 'warning',
    summary: 'One question in twenty takes more than 30 seconds; see the slowest step.',
  },
  {
    name: 'T2tModelFails',
    when: `${callsPerSecond(modelDuration, { by: ['gen_ai.request.model'], where: { 'error.type': failing } })} / ${callsPerSecond(modelDuration, { by: ['gen_ai.request.model'] })} > 0.2`,
    for: '5m',
    severity: 'critical',
    summary: 'More than 20 % of the calls of {{ $labels.gen_ai_request_model }} fail.',
  },
  {
    name: 'T2tDatabaseFails',
    when: `${callsPerSecond(databaseDuration, { by: ['db.namespace'], where: { 'error.type': failing } })} / ${callsPerSecond(databaseDuration, { by: ['db.namespace'] })} > 0.1`,
    for: '5m',
    severity: 'critical',
    summary: 'More than 10 % of the queries of {{ $labels.db_namespace }} fail.',
  },
  {
    name: 'T2tSchemaOld',
    when: `${latest(schemaCacheAge, { by: ['db.namespace'] })} > 86400`,
    for: '10m',
    severity: 'warning',
    summary: 'The schema of {{ $labels.db_namespace }} was last read more than a day ago.',
  },
  {
    name: 'T2tMcpServerGone',
    when: `${latest(mcpConnected, { by: ['t2t.server'] })} == 0`,
    for: '5m',
    severity: 'warning',
    summary:
      'The MCP server {{ $labels.t2t_server }} is not connected; answers lack what it knows.',
  },
  {
    name: 'T2tCircuitOpen',
    when: `${latest(breakerState, { by: ['t2t.policy'] })} == 2`,
    for: '5m',
    severity: 'critical',
    summary: 'The circuit breaker {{ $labels.t2t_policy }} is open: nothing is let through.',
  },
  {
    name: 'T2tSharedStoreFails',
    when: `${perSecond(sharedStoreEvents, { where: { 't2t.event': 'failed' } })} > 0`,
    for: '5m',
    severity: 'warning',
    summary: 'The store that processes share fails; limits hold for each process alone.',
  },
  {
    name: 'T2tServerErrors',
    when: `${callsPerSecond(httpServerDuration, { where: { 'http.response.status_code': { matches: '5..' } } })} / ${callsPerSecond(httpServerDuration)} > 0.05`,
    for: '5m',
    severity: 'critical',
    summary: 'More than 5 % of HTTP requests end with a status from 500 up.',
  },
  {
    name: 'T2tMemoryShort',
    when: `${latest(systemMemoryUtilization)} > 0.95`,
    for: '10m',
    severity: 'warning',
    summary: 'More than 95 % of the memory of the machine is in use.',
  },
  {
    name: 'T2tLabelFlood',
    when: `${perSecond(overflowObservations, { by: ['t2t.metric'], over: '1h' })} > 0`,
    for: '1h',
    severity: 'warning',
    summary: 'A label of {{ $labels.t2t_metric }} has too many values; some are counted as other.',
  },
]

/**
 * Writes alert rules for Prometheus, as the YAML of a rule file.
 *
 * Thresholds are where to start from, not what every team needs.
 */
export function prometheusAlertRules(): string {
  const lines = ['groups:', '  - name: t2t', '    rules:']
  for (const rule of rules) {
    lines.push(
      `      - alert: ${rule.name}`,
      `        expr: ${quoted(rule.when)}`,
      `        for: ${rule.for}`,
      `        labels:`,
      `          severity: ${rule.severity}`,
      `        annotations:`,
      `          summary: ${quoted(rule.summary)}`,
    )
  }
  return `${lines.join('\n')}\n`
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}
