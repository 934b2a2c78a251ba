import type { OrchestratorEvent, ServerEvent } from '@t2t/mcp-orchestrator'
import {
  mcpChanges,
  mcpClientDuration,
  mcpConnectDuration,
  mcpConnected,
  mcpFailures,
  mcpGatherDuration,
  mcpGatherItems,
} from '../catalogue/area/mcp.ts'
import { cacheRequests } from '../catalogue/area/server.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import type { Meter } from '../meter/meter.ts'
import { overflowValue } from '../meter/series-table.ts'
import { observeCircuit } from './circuit.ts'
import { ignoreUnknown, quietly, secondsOf } from './quietly.ts'

/**
 * Makes a listener that counts connections, gatherings and tool calls of an orchestrator.
 *
 * The listener never throws. A call that its caller aborted is counted with `error.type`
 * `aborted`; alerts on failures leave it out.
 *
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observeMcpOrchestrator(meter: Meter): (event: OrchestratorEvent) => void {
  const requests = meter.histogram(mcpClientDuration)
  const connected = meter.gauge(mcpConnected)
  const connects = meter.histogram(mcpConnectDuration)
  const gatherings = meter.histogram(mcpGatherDuration)
  const items = meter.counter(mcpGatherItems)
  const failures = meter.counter(mcpFailures)

  function failed(failure: { server: string; stage: string; kind: string }): void {
    failures.add(1, {
      't2t.server': failure.server,
      't2t.stage': failure.stage,
      [otelLabel.errorType]: failure.kind,
    })
  }

  const servers = new Set<string>()
  const tools = new Set<string>()

  /** A model may make up names without end: only those that worked once become labels. */
  function nameOf(known: Set<string>, name: string, isReal: boolean): string {
    if (isReal && known.size < maxNames) known.add(name)
    return known.has(name) ? name : overflowValue
  }

  return quietly((event) => {
    switch (event.type) {
      case 'server-connected':
        servers.add(event.server)
        connected.set(1, { 't2t.server': event.server })
        connects.record(secondsOf(event.durationMs), { 't2t.server': event.server })
        return
      case 'server-failed':
        servers.add(event.server)
        connected.set(0, { 't2t.server': event.server })
        failed(event.failure)
        return
      case 'gather-finished':
        gatherings.record(secondsOf(event.durationMs), {
          't2t.outcome': event.failures.length === 0 ? 'complete' : 'partial',
        })
        items.add(event.items)
        for (const failure of event.failures) failed(failure)
        return
      case 'tool-called':
        requests.record(secondsOf(event.durationMs), {
          [otelLabel.mcpMethod]: 'tools/call',
          't2t.server': nameOf(servers, event.server, event.outcome === 'result'),
          [otelLabel.toolName]: nameOf(tools, event.tool, event.outcome === 'result'),
          [otelLabel.errorType]: toolErrors[event.outcome],
        })
        return
      default:
        ignoreUnknown(event)
    }
  })
}

/**
 * Makes a listener that shows the circuit breakers, caches and changes of an orchestrator's servers.
 *
 * The listener never throws. The breakers appear among those of policies, under the name of the
 * server after `mcp:`.
 *
 * @throws `DefinitionConflictError` when the meter has other metrics under these names.
 */
export function observeMcpServers(meter: Meter): (event: ServerEvent) => void {
  const enter = observeCircuit(meter)
  const cache = meter.counter(cacheRequests)
  const changes = meter.counter(mcpChanges)

  return quietly((event) => {
    const server = { 't2t.server': event.server }
    const circuit = `mcp:${event.server}`
    switch (event.type) {
      case 'circuit-opened':
        enter(circuit, 'open')
        return
      case 'circuit-half-opened':
        enter(circuit, 'half-open')
        return
      case 'circuit-closed':
        enter(circuit, 'closed')
        return
      case 'cache-used':
        cache.add(1, { ...server, 't2t.cache': `mcp-${event.what}`, 't2t.result': event.outcome })
        return
      case 'catalog-changed':
        changes.add(1, { ...server, 't2t.change': event.what })
        return
      case 'tool-changed':
        changes.add(1, { ...server, 't2t.change': 'tool' })
        return
      case 'uri-collided':
        changes.add(1, { ...server, 't2t.change': 'uri-collision' })
        return
      default:
        ignoreUnknown(event)
    }
  })
}

/** Names of tools that are remembered. */
const maxNames = 1_000

type ToolOutcome = Extract<OrchestratorEvent, { readonly type: 'tool-called' }>['outcome']

/** The convention's word for the tool's own failure is `tool_error`. */
const toolErrors: Readonly<Record<ToolOutcome, string | undefined>> = {
  result: undefined,
  'tool-error': 'tool_error',
  failed: 'failed',
  aborted: 'aborted',
}
