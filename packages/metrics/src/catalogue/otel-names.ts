// The OpenTelemetry names that this package uses, in one place because some of them still move:
// those of databases and HTTP are stable, those of models (gen_ai) and MCP are in development.

/** Names of metrics. */
export const otelMetric = {
  databaseDuration: 'db.client.operation.duration',
  databaseRows: 'db.client.response.returned_rows',
  connectionMax: 'db.client.connection.max',
  connectionPending: 'db.client.connection.pending_requests',
  modelDuration: 'gen_ai.client.operation.duration',
  modelTokens: 'gen_ai.client.token.usage',
  mcpClientDuration: 'mcp.client.operation.duration',
  httpServerDuration: 'http.server.request.duration',
  httpServerActive: 'http.server.active_requests',
  processCpuTime: 'process.cpu.time',
  processCpuUtilization: 'process.cpu.utilization',
  processMemory: 'process.memory.usage',
  processUptime: 'process.uptime',
  systemCpuUtilization: 'system.cpu.utilization',
  systemMemoryUtilization: 'system.memory.utilization',
} as const

/** Names of labels. */
export const otelLabel = {
  databaseSystem: 'db.system.name',
  databaseName: 'db.namespace',
  errorType: 'error.type',
  modelOperation: 'gen_ai.operation.name',
  modelProvider: 'gen_ai.provider.name',
  modelName: 'gen_ai.request.model',
  tokenType: 'gen_ai.token.type',
  toolName: 'gen_ai.tool.name',
  mcpMethod: 'mcp.method.name',
  httpMethod: 'http.request.method',
  httpRoute: 'http.route',
  httpStatus: 'http.response.status_code',
  cpuMode: 'cpu.mode',
} as const

/** Bounds of buckets that the conventions recommend. */
export const otelBuckets = {
  database: [0.001, 0.005, 0.01, 0.05, 0.1, 0.5, 1, 5, 10],
  rows: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000],
  model: [0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 0.64, 1.28, 2.56, 5.12, 10.24, 20.48, 40.96, 81.92],
  tokens: [
    1, 4, 16, 64, 256, 1_024, 4_096, 16_384, 65_536, 262_144, 1_048_576, 4_194_304, 16_777_216,
    67_108_864,
  ],
  mcp: [0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 30, 60, 120, 300],
  http: [0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25, 0.5, 0.75, 1, 2.5, 5, 7.5, 10],
} as const
