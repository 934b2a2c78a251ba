import {
  databaseConnectionMax,
  databaseConnectionPending,
  databaseConnections,
  databaseDuration,
  databaseQueries,
  databaseRows,
  schemaCacheAge,
} from '../catalogue/area/database.ts'
import { guardDuration, guardRejections } from '../catalogue/area/guard.ts'
import {
  mcpClientDuration,
  mcpConnected,
  mcpFailures,
  mcpGatherDuration,
} from '../catalogue/area/mcp.ts'
import { modelDuration, modelTokens } from '../catalogue/area/model.ts'
import { processMemory, processUptime, systemCpuUtilization } from '../catalogue/area/process.ts'
import {
  questionDuration,
  questionStepDuration,
  recoveredQuestions,
  recoveryAttempts,
} from '../catalogue/area/question.ts'
import { breakerState, callRejections, retryCalls } from '../catalogue/area/resilience.ts'
import { overflowObservations } from '../catalogue/area/self.ts'
import {
  cacheRequests,
  httpServerActive,
  httpServerDuration,
  sessionsActive,
} from '../catalogue/area/server.ts'
import { callsPerSecond, latest, perSecond, quantile, sumPerSecond } from './expression.ts'

/** One chart of the dashboard. */
export interface Panel {
  readonly title: string
  /** In Grafana's words. */
  readonly unit: 's' | 'bytes' | 'percentunit' | 'ops' | 'short'
  /** By the name under which it appears in the legend. */
  readonly queries: Readonly<Record<string, string>>
}

/** Some charts about one subject. */
export interface PanelRow {
  readonly title: string
  readonly panels: readonly Panel[]
}

/** Every chart, from the question to the machine. */
export const panelRows: readonly PanelRow[] = [
  {
    title: 'Questions',
    panels: [
      {
        title: 'Questions a second, by outcome',
        unit: 'ops',
        queries: { '{{t2t_outcome}}': callsPerSecond(questionDuration, { by: ['t2t.outcome'] }) },
      },
      {
        title: 'Time to an answer',
        unit: 's',
        queries: {
          p50: quantile(questionDuration, 0.5),
          p95: quantile(questionDuration, 0.95),
          p99: quantile(questionDuration, 0.99),
        },
      },
      {
        title: 'Slowest step (p95)',
        unit: 's',
        queries: { '{{t2t_step}}': quantile(questionStepDuration, 0.95, { by: ['t2t.step'] }) },
      },
      {
        title: 'Repairs, by decision of the guard',
        unit: 'ops',
        queries: { '{{t2t_outcome}}': perSecond(recoveryAttempts, { by: ['t2t.outcome'] }) },
      },
      {
        title: 'Questions with repairs, by whether they were answered',
        unit: 'ops',
        queries: { '{{t2t_outcome}}': perSecond(recoveredQuestions, { by: ['t2t.outcome'] }) },
      },
    ],
  },
  {
    title: 'Models',
    panels: [
      {
        title: 'Calls a second, by model and error',
        unit: 'ops',
        queries: {
          '{{gen_ai_request_model}} {{error_type}}': callsPerSecond(modelDuration, {
            by: ['gen_ai.request.model', 'error.type'],
          }),
        },
      },
      {
        title: 'Time of calls (p95)',
        unit: 's',
        queries: {
          '{{gen_ai_request_model}}': quantile(modelDuration, 0.95, {
            by: ['gen_ai.request.model'],
          }),
        },
      },
      {
        title: 'Tokens a second',
        unit: 'ops',
        queries: {
          '{{gen_ai_token_type}}': sumPerSecond(modelTokens, { by: ['gen_ai.token.type'] }),
        },
      },
    ],
  },
  {
    title: 'Databases',
    panels: [
      {
        title: 'Queries a second, by outcome',
        unit: 'ops',
        queries: {
          '{{db_namespace}} {{t2t_outcome}}': perSecond(databaseQueries, {
            by: ['db.namespace', 't2t.outcome'],
          }),
        },
      },
      {
        title: 'Time of queries (p95)',
        unit: 's',
        queries: { '{{db_namespace}}': quantile(databaseDuration, 0.95, { by: ['db.namespace'] }) },
      },
      {
        title: 'Rows of a query (p95)',
        unit: 'short',
        queries: { '{{db_namespace}}': quantile(databaseRows, 0.95, { by: ['db.namespace'] }) },
      },
      {
        title: 'Age of the schema',
        unit: 's',
        queries: { '{{db_namespace}}': latest(schemaCacheAge, { by: ['db.namespace'] }) },
      },
      {
        title: 'Connections',
        unit: 'short',
        queries: {
          '{{db_namespace}} {{t2t_state}}': latest(databaseConnections, {
            by: ['db.namespace', 't2t.state'],
          }),
          '{{db_namespace}} waiting': latest(databaseConnectionPending, { by: ['db.namespace'] }),
          '{{db_namespace}} at most': latest(databaseConnectionMax, { by: ['db.namespace'] }),
        },
      },
    ],
  },
  {
    title: 'Guard',
    panels: [
      {
        title: 'Refusals a second, by rule',
        unit: 'ops',
        queries: { '{{t2t_rule}}': perSecond(guardRejections, { by: ['t2t.rule'] }) },
      },
      {
        title: 'Time of a decision (p99)',
        unit: 's',
        queries: { p99: quantile(guardDuration, 0.99) },
      },
    ],
  },
  {
    title: 'MCP servers',
    panels: [
      {
        title: 'Connected',
        unit: 'short',
        queries: { '{{t2t_server}}': latest(mcpConnected, { by: ['t2t.server'] }) },
      },
      {
        title: 'Time of requests (p95)',
        unit: 's',
        queries: { '{{t2t_server}}': quantile(mcpClientDuration, 0.95, { by: ['t2t.server'] }) },
      },
      {
        title: 'Failures a second, by stage',
        unit: 'ops',
        queries: {
          '{{t2t_server}} {{t2t_stage}}': perSecond(mcpFailures, {
            by: ['t2t.server', 't2t.stage'],
          }),
        },
      },
      {
        title: 'Time to gather (p95)',
        unit: 's',
        queries: { p95: quantile(mcpGatherDuration, 0.95) },
      },
    ],
  },
  {
    title: 'Resilience',
    panels: [
      {
        title: 'Circuit breakers (0 closed, 1 half-open, 2 open)',
        unit: 'short',
        queries: { '{{t2t_policy}}': latest(breakerState, { by: ['t2t.policy'] }) },
      },
      {
        title: 'Refused calls a second',
        unit: 'ops',
        queries: { '{{t2t_reason}}': perSecond(callRejections, { by: ['t2t.reason'] }) },
      },
      {
        title: 'Calls that needed a retry, a second',
        unit: 'ops',
        queries: { '{{t2t_outcome}}': perSecond(retryCalls, { by: ['t2t.outcome'] }) },
      },
    ],
  },
  {
    title: 'Server',
    panels: [
      {
        title: 'HTTP requests a second, by status',
        unit: 'ops',
        queries: {
          '{{http_response_status_code}}': callsPerSecond(httpServerDuration, {
            by: ['http.response.status_code'],
          }),
        },
      },
      {
        title: 'Time of HTTP requests (p95)',
        unit: 's',
        queries: { '{{http_route}}': quantile(httpServerDuration, 0.95, { by: ['http.route'] }) },
      },
      {
        title: 'Requests and sessions',
        unit: 'short',
        queries: { requests: latest(httpServerActive), sessions: latest(sessionsActive) },
      },
      {
        title: 'Cache look-ups a second',
        unit: 'ops',
        queries: {
          '{{t2t_cache}} {{t2t_result}}': perSecond(cacheRequests, {
            by: ['t2t.cache', 't2t.result'],
          }),
        },
      },
      { title: 'Memory', unit: 'bytes', queries: { resident: latest(processMemory) } },
      { title: 'Processors', unit: 'percentunit', queries: { busy: latest(systemCpuUtilization) } },
      { title: 'Uptime', unit: 's', queries: { uptime: latest(processUptime) } },
      {
        title: 'Label values beyond the bound, a second',
        unit: 'ops',
        queries: { '{{t2t_metric}}': perSecond(overflowObservations, { by: ['t2t.metric'] }) },
      },
    ],
  },
]
