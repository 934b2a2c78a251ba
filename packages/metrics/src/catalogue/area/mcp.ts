import type {
  CounterDefinition,
  GaugeDefinition,
  HistogramDefinition,
} from '../../meter/definition.ts'
import { otelBuckets, otelLabel, otelMetric } from '../otel-names.ts'

export const mcpClientDuration = {
  kind: 'histogram',
  name: otelMetric.mcpClientDuration,
  unit: 's',
  description: 'Time of requests to MCP servers; error.type is there when a request failed.',
  labels: [otelLabel.mcpMethod, 't2t.server', otelLabel.toolName, otelLabel.errorType],
  buckets: otelBuckets.mcp,
} as const satisfies HistogramDefinition

export const mcpConnected = {
  kind: 'gauge',
  name: 't2t.mcp.connected',
  unit: '{connection}',
  description: 'Whether an MCP server is connected: 1, or 0 since its connection failed.',
  labels: ['t2t.server'],
} as const satisfies GaugeDefinition

export const mcpConnectDuration = {
  kind: 'histogram',
  name: 't2t.mcp.connect.duration',
  unit: 's',
  description: 'Time to connect to an MCP server.',
  labels: ['t2t.server'],
  buckets: otelBuckets.mcp,
} as const satisfies HistogramDefinition

export const mcpGatherDuration = {
  kind: 'histogram',
  name: 't2t.mcp.gather.duration',
  unit: 's',
  description: 'Time to gather resources from several MCP servers, by whether all answered.',
  labels: ['t2t.outcome'],
  buckets: otelBuckets.mcp,
} as const satisfies HistogramDefinition

export const mcpGatherItems = {
  kind: 'counter',
  name: 't2t.mcp.gather.items',
  unit: '{item}',
  description: 'Resources that arrived while gathering.',
  labels: [],
} as const satisfies CounterDefinition

export const mcpFailures = {
  kind: 'counter',
  name: 't2t.mcp.failures',
  unit: '{failure}',
  description: 'MCP servers and resources that did not answer, by stage and kind.',
  labels: ['t2t.server', 't2t.stage', otelLabel.errorType],
} as const satisfies CounterDefinition

export const mcpChanges = {
  kind: 'counter',
  name: 't2t.mcp.changes',
  unit: '{change}',
  description: 'What MCP servers changed: a list, a resource, a tool, or whose URI collided.',
  labels: ['t2t.server', 't2t.change'],
} as const satisfies CounterDefinition

export const mcpMetrics = [
  mcpClientDuration,
  mcpConnected,
  mcpConnectDuration,
  mcpGatherDuration,
  mcpGatherItems,
  mcpFailures,
  mcpChanges,
] as const
