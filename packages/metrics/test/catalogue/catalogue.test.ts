import { catalogue, createMeter, type MetricDefinition } from '@t2t/metrics'
import { prometheusName, prometheusText } from '@t2t/metrics/prometheus'
import { describe, expect, it } from 'vitest'

const pinned = [
  'db_client_connection_max',
  'db_client_connection_pending_requests',
  'db_client_operation_duration_seconds',
  'db_client_response_returned_rows',
  'gen_ai_client_operation_duration_seconds',
  'gen_ai_client_token_usage',
  'http_server_active_requests',
  'http_server_request_duration_seconds',
  'mcp_client_operation_duration_seconds',
  'process_cpu_time_seconds_total',
  'process_memory_usage_bytes',
  'process_uptime_seconds',
  'system_cpu_utilization_ratio',
  'system_memory_utilization_ratio',
  't2t_breaker_state',
  't2t_breaker_transitions_total',
  't2t_cache_requests_total',
  't2t_call_fallbacks_total',
  't2t_call_hedges_total',
  't2t_call_queued_total',
  't2t_call_rejections_total',
  't2t_database_connections',
  't2t_database_queries_total',
  't2t_database_truncations_total',
  't2t_mcp_changes_total',
  't2t_mcp_connect_duration_seconds',
  't2t_mcp_connected',
  't2t_mcp_failures_total',
  't2t_mcp_gather_duration_seconds',
  't2t_mcp_gather_items_total',
  't2t_metrics_invalid_total',
  't2t_metrics_overflows_total',
  't2t_question_drafts_total',
  't2t_question_duration_seconds',
  't2t_question_entities_total',
  't2t_question_missing_sources_total',
  't2t_question_step_duration_seconds',
  't2t_question_truncations_total',
  't2t_recovery_attempts_total',
  't2t_recovery_questions_total',
  't2t_retry_attempts_total',
  't2t_retry_calls_total',
  't2t_retry_pause_seconds',
  't2t_schema_cache_age_seconds',
  't2t_schema_refresh_duration_seconds',
  't2t_schema_tables',
  't2t_sessions_active',
  't2t_shared_store_events_total',
  't2t_sql_check_duration_seconds',
  't2t_sql_rejections_total',
  't2t_timeouts_total',
]

function register(meter: ReturnType<typeof createMeter>, definition: MetricDefinition): void {
  if (definition.kind === 'histogram') meter.histogram(definition)
  else if (definition.kind === 'gauge') meter.gauge(definition)
  else meter.counter(definition)
}

describe('the catalogue', () => {
  it('keeps the names that dashboards and alerts use', () => {
    expect(catalogue.map(prometheusName).toSorted()).toEqual(pinned)
  })

  it('holds definitions that every meter takes, each name once', () => {
    const meter = createMeter()

    for (const definition of catalogue) register(meter, definition)

    expect(meter.read()).toHaveLength(catalogue.length)
    expect(prometheusText(meter).match(/^# TYPE /gm)).toHaveLength(catalogue.length)
  })

  it('says in one sentence what each metric means', () => {
    for (const { description } of catalogue) expect(description).toMatch(/^[A-Z][^\n]{10,95}\.$/)
  })
})
