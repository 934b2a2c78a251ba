import type { OrchestratorEvent } from '@t2t/mcp-orchestrator'
import {
  mcpClientDuration,
  mcpConnectDuration,
  mcpConnected,
  mcpFailures,
  mcpGatherDuration,
  mcpGatherItems,
} from '../catalogue/area/mcp.ts'
import { otelLabel } from '../catalogue/otel-names.ts'
import type { Meter } from '../meter/meter.ts'
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

  return quietly((event) => {
    switch (event.type) {
      case 'server-connected':
        connected.set(1, { 't2t.server': event.server })
        connects.record(secondsOf(event.durationMs), { 't2t.server': event.server })
        return
      case 'server-failed':
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
          't2t.server': event.server,
          [otelLabel.toolName]: event.tool,
          [otelLabel.errorType]: toolErrors[event.outcome],
        })
        return
      default:
        ignoreUnknown(event)
    }
  })
}

type ToolOutcome = Extract<OrchestratorEvent, { readonly type: 'tool-called' }>['outcome']

/** The convention's word for the tool's own failure is `tool_error`. */
const toolErrors: Readonly<Record<ToolOutcome, string | undefined>> = {
  result: undefined,
  'tool-error': 'tool_error',
  failed: 'failed',
  aborted: 'aborted',
}
