import { catalogue, createMeter, observeHttp, observeProcess, type Meter } from '@t2t/metrics'
import { observeDatabase, observePool } from '@t2t/metrics/database'
import { observeLlmSql } from '@t2t/metrics/llm-sql'
import { observeMcpOrchestrator, observeMcpServers } from '@t2t/metrics/mcp-orchestrator'
import { prometheusText } from '@t2t/metrics/prometheus'
import { observeResilience } from '@t2t/metrics/resilience'
import { observeSqlGuard } from '@t2t/metrics/sql-guard'
import { createFakeClock, createRecordingMeter } from '@t2t/metrics/testing'
import { describe, expect, it } from 'vitest'

const failure = { server: 'docs', stage: 'read', kind: 'timeout', message: 'Late.' } as const
const query = {
  type: 'query-finished',
  database: 'shop',
  dialect: 'postgres',
  rows: 0,
  isTruncated: false,
  durationMs: 20,
} as const

describe('the guard observer', () => {
  it('counts a decision and every reason of a refusal', () => {
    const meter = createRecordingMeter()
    const listener = observeSqlGuard(meter)

    listener({
      type: 'query-refused',
      dialect: 'postgres',
      policy: 'analysts',
      durationMs: 2,
      codes: ['table-refused', 'limit-exceeded'],
    })

    const labels = { 'db.system.name': 'postgresql', 't2t.policy': 'analysts' }
    expect(meter.observations).toEqual([
      {
        metric: 't2t.sql.check.duration',
        action: 'record',
        value: 0.002,
        labels: { ...labels, 't2t.outcome': 'refused' },
      },
      ...['table-refused', 'limit-exceeded'].map((rule) => ({
        metric: 't2t.sql.rejections',
        action: 'add',
        value: 1,
        labels: { ...labels, 't2t.rule': rule },
      })),
    ])
  })
})

describe('the assistant observer', () => {
  it('records calls and tokens of a model', () => {
    const meter = createRecordingMeter()

    observeLlmSql(meter, { database: 'shop' })({
      type: 'model-called',
      model: 'openai:gpt-x',
      outcome: 'ok',
      durationMs: 300,
      inputTokens: 900,
      outputTokens: 40,
    })

    const labels = {
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-x',
      'db.namespace': 'shop',
    }
    expect(meter.observations).toEqual([
      { metric: 'gen_ai.client.operation.duration', action: 'record', value: 0.3, labels },
      {
        metric: 'gen_ai.client.token.usage',
        action: 'record',
        value: 900,
        labels: { ...labels, 'gen_ai.token.type': 'input' },
      },
      {
        metric: 'gen_ai.client.token.usage',
        action: 'record',
        value: 40,
        labels: { ...labels, 'gen_ai.token.type': 'output' },
      },
    ])
  })

  it('counts repairs apart from first drafts, and never the SQL', () => {
    const meter = createRecordingMeter()
    const listener = observeLlmSql(meter)

    for (const attempt of [1, 2]) {
      listener({
        type: 'sql-drafted',
        attempt,
        sql: 'SELECT secret',
        generator: 'offline',
        durationMs: 1,
      })
      listener({ type: 'sql-checked', attempt, verdict: 'allowed', codes: [] })
    }

    const stages = meter.observations.flatMap(({ labels }) => labels['t2t.stage'] ?? [])
    expect(stages).toEqual(['first', 'repair'])
    expect(
      meter.observations.filter(({ metric }) => metric === 't2t.recovery.attempts'),
    ).toHaveLength(1)
    expect(JSON.stringify(meter.observations)).not.toContain('secret')
  })
})

describe('the observer of recoveries', () => {
  it('counts a question that took a repair by whether it was answered, and no other', () => {
    const meter = createRecordingMeter()
    const listener = observeLlmSql(meter)

    for (const [kind, attempts] of [
      ['answered', 1],
      ['clarify', 0],
      ['answered', 2],
      ['failed', 3],
    ] as const) {
      listener({ type: 'question-answered', kind, durationMs: 1, attempts })
    }

    const outcomes = meter.observations
      .filter(({ metric }) => metric === 't2t.recovery.questions')
      .map(({ labels }) => labels['t2t.outcome'])
    expect(outcomes).toEqual(['recovered', 'lost'])
  })
})

describe('the orchestrator observer', () => {
  it.for([
    ['result', undefined],
    ['tool-error', 'tool_error'],
    ['failed', 'failed'],
    ['aborted', 'aborted'],
  ] as const)('labels a tool call that ended with %s by error.type %s', ([outcome, errorType]) => {
    const meter = createRecordingMeter()

    observeMcpOrchestrator(meter)({
      type: 'tool-called',
      server: 'docs',
      tool: 'search',
      outcome,
      durationMs: 5,
    })

    expect(meter.observations).toMatchObject([
      { metric: 'mcp.client.operation.duration', value: 0.005 },
    ])
    expect(meter.observations[0]?.labels['error.type']).toBe(errorType)
  })

  it('makes no label of a tool or server that a model made up', () => {
    const meter = createRecordingMeter()
    const listener = observeMcpOrchestrator(meter)
    const call = { type: 'tool-called', server: 'docs', durationMs: 5 } as const

    listener({ ...call, tool: 'search', outcome: 'result' })
    listener({ ...call, tool: 'search', outcome: 'failed' })
    listener({ ...call, tool: 'made-up', outcome: 'tool-error' })
    listener({ ...call, server: 'nowhere', tool: 'search', outcome: 'failed' })

    const names = meter.observations.map(
      ({ labels }) => `${labels['t2t.server']} ${labels['gen_ai.tool.name']}`,
    )
    expect(names).toEqual(['docs search', 'docs search', 'docs other', 'other search'])
  })

  it('shows which server is connected', () => {
    const meter = createMeter()
    const listener = observeMcpOrchestrator(meter)

    listener({ type: 'server-connected', server: 'docs', durationMs: 5 })
    const before = prometheusText(meter)
    listener({ type: 'server-failed', server: 'docs', failure })

    expect(before).toContain('t2t_mcp_connected{t2t_server="docs"} 1\n')
    expect(prometheusText(meter)).toContain('t2t_mcp_connected{t2t_server="docs"} 0\n')
  })

  it('shows the circuit breaker of a server', () => {
    const meter = createMeter()

    observeMcpServers(meter)({ type: 'circuit-opened', server: 'docs', openForMs: 30_000 })

    expect(prometheusText(meter)).toContain('t2t_breaker_state{t2t_policy="mcp:docs"} 2\n')
  })

  it('counts look-ups in the cache of a server, and what the server changed', () => {
    const meter = createRecordingMeter()
    const listener = observeMcpServers(meter)

    listener({ type: 'cache-used', server: 'docs', what: 'read', outcome: 'stale' })
    listener({ type: 'catalog-changed', server: 'docs', what: 'tools' })
    listener({ type: 'tool-changed', server: 'docs', tool: 'search', fingerprint: 'f' })
    listener({ type: 'uri-collided', server: 'docs', others: ['more'] })

    const change = { metric: 't2t.mcp.changes', action: 'add', value: 1 }
    expect(meter.observations).toEqual([
      {
        metric: 't2t.cache.requests',
        action: 'add',
        value: 1,
        labels: { 't2t.server': 'docs', 't2t.cache': 'mcp-read', 't2t.result': 'stale' },
      },
      { ...change, labels: { 't2t.server': 'docs', 't2t.change': 'tools' } },
      { ...change, labels: { 't2t.server': 'docs', 't2t.change': 'tool' } },
      { ...change, labels: { 't2t.server': 'docs', 't2t.change': 'uri-collision' } },
    ])
  })

  it('counts a gathering as partial when a server did not answer', () => {
    const meter = createRecordingMeter()

    observeMcpOrchestrator(meter)({
      type: 'gather-finished',
      servers: ['docs'],
      items: 3,
      failures: [failure],
      durationMs: 40,
    })

    expect(meter.observations.map(({ metric, value }) => [metric, value])).toEqual([
      ['t2t.mcp.gather.duration', 0.04],
      ['t2t.mcp.gather.items', 3],
      ['t2t.mcp.failures', 1],
    ])
  })
})

describe('the database observer', () => {
  it('keeps refused queries out of the times of the database', () => {
    const meter = createRecordingMeter()

    observeDatabase(meter)({ ...query, outcome: 'refused', code: 'table-refused' })

    expect(meter.observations.map(({ metric }) => metric)).toEqual(['t2t.database.queries'])
  })

  it.for([
    ['rows', undefined, undefined],
    ['failed', 'DATABASE_QUERY_FAILED', 'DATABASE_QUERY_FAILED'],
    ['aborted', undefined, 'aborted'],
  ] as const)(
    'labels the outcome %s with code %s by error.type %s',
    ([outcome, code, expected]) => {
      const meter = createRecordingMeter()

      observeDatabase(meter)({ ...query, outcome, code })

      const [duration] = meter.observations.filter(
        ({ metric }) => metric === 'db.client.operation.duration',
      )
      expect(duration?.labels['error.type']).toBe(expected)
      expect(duration?.value).toBe(0.02)
    },
  )

  it('tells the age of a schema at the moment of reading, until the database closes', () => {
    const clock = createFakeClock()
    const meter = createMeter({ clock })
    const listener = observeDatabase(meter, { clock })
    const age = (): string | undefined =>
      /t2t_schema_cache_age_seconds\{.*\} (\d+)/.exec(prometheusText(meter))?.[1]
    const base = { database: 'shop', dialect: 'sqlite' } as const

    listener({
      ...base,
      type: 'catalog-refreshed',
      version: '1',
      visibleTables: 2,
      tables: 3,
      durationMs: 1,
    })
    clock.advance(90_000)
    const open = age()
    listener({ ...base, type: 'database-closed' })
    clock.advance(90_000)

    expect([open, age()]).toEqual(['90', '90'])
  })
})

describe('the database observer, of a pool', () => {
  it('shows what the last change of the pool left', () => {
    const meter = createMeter()
    const listener = observeDatabase(meter)
    const base = { type: 'pool-changed', dialect: 'postgres', maxConnections: 10 } as const

    listener({ ...base, database: 'shop', size: 5, idle: 5, waiting: 0 })
    listener({ ...base, database: 'shop', size: 5, idle: 3, waiting: 1 })
    listener({ ...base, database: 'staff', size: 1, idle: 1, waiting: 0 })
    const text = prometheusText(meter)

    expect(text).toContain('t2t_database_connections{db_namespace="shop",t2t_state="idle"} 3\n')
    expect(text).toContain('t2t_database_connections{db_namespace="shop",t2t_state="used"} 2\n')
    expect(text).toContain('db_client_connection_pending_requests{db_namespace="shop"} 1\n')
    expect(text).toContain('db_client_connection_max{db_namespace="shop"} 10\n')
    expect(text).toContain('t2t_database_connections{db_namespace="staff",t2t_state="idle"} 1\n')
  })
})

describe('the pool observer', () => {
  it('asks the pool whenever metrics are read', () => {
    const meter = createMeter()
    let idle = 3
    const engine = { pool: () => ({ size: 5, idle, waiting: 1, maxConnections: 10 }) }
    observePool(meter, { database: 'shop', engine })

    const before = prometheusText(meter)
    idle = 0
    const after = prometheusText(meter)

    expect(before).toContain('t2t_database_connections{db_namespace="shop",t2t_state="used"} 2\n')
    expect(after).toContain('t2t_database_connections{db_namespace="shop",t2t_state="used"} 5\n')
    expect(after).toContain('db_client_connection_pending_requests{db_namespace="shop"} 1\n')
    expect(after).toContain('db_client_connection_max{db_namespace="shop"} 10\n')
  })
})

describe('the policy observer', () => {
  it('shows the state of a circuit breaker', () => {
    const meter = createMeter()
    const listener = observeResilience(meter)

    listener({ type: 'circuit-opened', name: 'model', because: 'failures', openForMs: 9, opens: 1 })
    const open = prometheusText(meter)
    listener({ type: 'circuit-closed', name: 'model', durationMs: 9 })

    expect(open).toContain('t2t_breaker_state{t2t_policy="model"} 2\n')
    expect(prometheusText(meter)).toContain('t2t_breaker_state{t2t_policy="model"} 0\n')
  })

  it('names errors by their code, never by their message', () => {
    const meter = createRecordingMeter()
    const error = Object.assign(new Error('key sk-123'), { code: 'ECONNRESET' })

    observeResilience(meter)({
      type: 'attempt-failed',
      name: 'model',
      attempt: 1,
      durationMs: 5,
      error,
      willRetry: true,
    })

    expect(meter.observations).toEqual([
      {
        metric: 't2t.retry.attempts',
        action: 'add',
        value: 1,
        labels: { 't2t.policy': 'model', 't2t.outcome': 'repeated', 'error.type': 'ECONNRESET' },
      },
    ])
  })
})

describe('the HTTP observer', () => {
  it('counts a request while it runs, and its time when it ended', () => {
    const clock = createFakeClock()
    const meter = createMeter({ clock })
    const ended = observeHttp(meter, { clock })('GET')
    clock.advance(40)

    const during = prometheusText(meter)
    ended({ route: '/api/sessions/:id', status: 200 })
    ended({ route: '/api/sessions/:id', status: 200 })
    const after = prometheusText(meter)

    expect(during).toContain('http_server_active_requests{http_request_method="GET"} 1\n')
    expect(after).toContain('http_server_active_requests{http_request_method="GET"} 0\n')
    expect(after).toContain(
      'http_server_request_duration_seconds_sum{http_request_method="GET",' +
        'http_route="/api/sessions/:id",http_response_status_code="200"} 0.04\n',
    )
  })

  it.for([
    [200, undefined],
    [404, undefined],
    [503, '503'],
    [undefined, 'client_left'],
  ] as const)('labels the status %s by error.type %s', ([status, expected]) => {
    const meter = createRecordingMeter()

    observeHttp(meter)('get\r\nx')({ status })

    const last = meter.observations.at(-1)
    expect(last?.labels['error.type']).toBe(expected)
    expect(last?.labels['http.request.method']).toBe('_OTHER')
  })
})

describe('the process observer', () => {
  it('reads the process whenever metrics are read, until it is ended', () => {
    const meter = createRecordingMeter()
    const end = observeProcess(meter)

    meter.callBack()
    const metrics = new Set(meter.observations.map(({ metric }) => metric))
    const count = meter.observations.length
    end()
    meter.callBack()

    expect(metrics).toContain('process.uptime')
    expect(metrics).toContain('process.memory.usage')
    expect(metrics).toContain('system.memory.utilization')
    expect(meter.observations).toHaveLength(count)
    expect(meter.observations.every(({ value }) => value >= 0)).toBe(true)
  })
})

describe('every observer', () => {
  const broken = (): never => {
    throw new Error('broken end')
  }
  const instrument = { add: broken, set: broken, record: broken }
  const meter: Meter = {
    counter: () => instrument,
    gauge: () => instrument,
    histogram: () => instrument,
    beforeRead: () => () => {},
  }

  it('swallows what a meter throws', () => {
    expect(() => {
      observeSqlGuard(meter)({
        type: 'query-allowed',
        dialect: 'sqlite',
        policy: 'a',
        durationMs: 1,
        tables: 1,
      })
      observeLlmSql(meter)({ type: 'question-answered', kind: 'answered', durationMs: 1 })
      observeMcpOrchestrator(meter)({ type: 'server-connected', server: 'a', durationMs: 1 })
      observeMcpServers(meter)({ type: 'circuit-closed', server: 'a' })
      observeDatabase(meter)({ ...query, outcome: 'rows' })
      observeHttp(meter)('GET')({ status: 200 })
      observeResilience(meter)({ type: 'lease-lost', name: 'a' })
    }).not.toThrow()
  })

  it('asks only for metrics of the catalogue', () => {
    const recording = createRecordingMeter()
    observePool(recording, {
      database: 'shop',
      engine: { pool: () => ({ size: 0, idle: 0, waiting: 0, maxConnections: 1 }) },
    })
    for (const observe of [
      observeSqlGuard,
      observeLlmSql,
      observeMcpOrchestrator,
      observeMcpServers,
      observeDatabase,
      observeResilience,
      observeHttp,
      observeProcess,
    ]) {
      observe(recording)
    }

    expect(recording.definitions.length).toBeGreaterThan(30)
    for (const definition of recording.definitions) expect(catalogue).toContain(definition)
  })
})
