import { trace } from '@opentelemetry/api'
import type { AnswerRun } from '@t2t/llm-sql'
import { currentCorrelation, correlationMeta, type MemoryMeter } from '@t2t/metrics'
import { observeDatabase } from '@t2t/metrics/database'
import { observeLlmSql, traceQuestion } from '@t2t/metrics/llm-sql'
import { observeMcpOrchestrator, observeMcpServers } from '@t2t/metrics/mcp-orchestrator'
import { observeResilience } from '@t2t/metrics/resilience'
import { observeSqlGuard } from '@t2t/metrics/sql-guard'

/** Where the parts tell what happens. */
export interface Observers {
  readonly onGuardEvent: ReturnType<typeof observeSqlGuard>
  readonly onDatabaseEvent: ReturnType<typeof observeDatabase>
  readonly onOrchestratorEvent: ReturnType<typeof observeMcpOrchestrator>
  readonly onServerEvent: ReturnType<typeof observeMcpServers>
  readonly onResilienceEvent: ReturnType<typeof observeResilience>
  assistant(database: string): ReturnType<typeof observeLlmSql>
  /** Puts a span of OpenTelemetry around a question, where the process has an SDK for it. */
  traced(database: string, ask: () => AnswerRun): AnswerRun
  /** What a request to an MCP server tells of the request that it is made for. */
  meta(): Readonly<Record<string, string>> | undefined
}

/** Turns the events of all parts into metrics. */
export function observeAll(meter: MemoryMeter): Observers {
  // Does nothing where no SDK was started before.
  const tracer = trace.getTracer('talk-to-tables')
  return {
    onGuardEvent: observeSqlGuard(meter),
    onDatabaseEvent: observeDatabase(meter),
    onOrchestratorEvent: observeMcpOrchestrator(meter),
    onServerEvent: observeMcpServers(meter),
    onResilienceEvent: observeResilience(meter),
    assistant: (database) => observeLlmSql(meter, { database }),
    traced: (database, ask) => traceQuestion(tracer, ask, { database }),
    meta() {
      const correlation = currentCorrelation()
      return correlation && correlationMeta(correlation)
    },
  }
}
