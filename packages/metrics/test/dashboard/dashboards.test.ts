import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { catalogue } from '@t2t/metrics'
import { cataloguePage, grafanaDashboard, prometheusAlertRules } from '@t2t/metrics/dashboards'
import { prometheusLabel, prometheusName } from '@t2t/metrics/prometheus'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..', '..')

function read(...path: readonly string[]): string {
  return readFileSync(join(root, ...path), 'utf8')
}

/** Leaves out what a formatter decides. */
function loosely(text: string): string {
  return text.replaceAll(/ {2,}/g, ' ').replaceAll(/-{3,}/g, '---').replaceAll('"', "'").trim()
}

const names = new Set(
  catalogue.flatMap((metric) => {
    const name = prometheusName(metric)
    return metric.kind === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name]
  }),
)
const labels = new Set(['le', ...catalogue.flatMap((metric) => metric.labels.map(prometheusLabel))])
const functions = new Set(['sum', 'max', 'by', 'rate', 'histogram_quantile'])

/** Everything in an expression that is a name, texts and times left out. */
function namesIn(expression: string): readonly string[] {
  return expression.replaceAll(/"[^"]*"|\[[^\]]*\]/g, '').match(/[a-z_][a-z0-9_]*/gi) ?? []
}

const expressions = [
  ...(JSON.stringify(grafanaDashboard()).match(/"expr":"((?:[^"\\]|\\.)*)"/g) ?? []).map((found) =>
    String(JSON.parse(`{${found}}`).expr),
  ),
  ...(prometheusAlertRules().match(/(?<=expr: ').*(?=')/g) ?? []),
]

describe('dashboards and alerts', () => {
  it('name only metrics and labels that exist', () => {
    expect(expressions.length).toBeGreaterThan(40)
    const unknown = expressions
      .flatMap(namesIn)
      .filter((name) => !names.has(name) && !labels.has(name) && !functions.has(name))
    expect(unknown).toEqual([])
  })

  it('show every metric that the events of the packages make, but for details', () => {
    const shown = expressions.join(' ')
    const hidden = catalogue.map(prometheusName).filter((name) => !shown.includes(name))

    expect(hidden.toSorted()).toEqual([
      'process_cpu_time_seconds_total',
      't2t_breaker_transitions_total',
      't2t_call_fallbacks_total',
      't2t_call_hedges_total',
      't2t_call_queued_total',
      't2t_database_truncations_total',
      't2t_mcp_changes_total',
      't2t_mcp_connect_duration_seconds',
      't2t_mcp_gather_items_total',
      't2t_metrics_invalid_total',
      't2t_question_drafts_total',
      't2t_question_entities_total',
      't2t_question_missing_sources_total',
      't2t_question_truncations_total',
      't2t_retry_attempts_total',
      't2t_retry_pause_seconds',
      't2t_schema_refresh_duration_seconds',
      't2t_schema_tables',
      't2t_timeouts_total',
    ])
  })

  it('are committed as they are generated', () => {
    expect(JSON.parse(read('dashboards', 'grafana.json'))).toEqual(grafanaDashboard())
    expect(loosely(read('dashboards', 'alerts.yaml'))).toBe(loosely(prometheusAlertRules()))
    expect(loosely(read('..', '..', 'docs', 'reference', 'metrics.md'))).toBe(
      loosely(cataloguePage()),
    )
  })
})
