import type { Answer, AskOptions } from '@t2t/llm-sql'
import type { HealthReport, MemoryMeter, Readiness } from '@t2t/metrics'
import type { OrchestratorStatus } from '@t2t/mcp-orchestrator'
import type { SessionStatistics, SessionStore } from '@t2t/sessions'
import type { StartedQuestion, StartOptions } from './chat/assistants.ts'

/** The assembled parts, as the terminal and the HTTP server use them. */
export interface Application extends AsyncDisposable {
  /** Where the database MCP server listens. */
  readonly databaseUrl: string
  /** The name of the database that is asked. */
  readonly databaseName: string
  /** What writes the SQL. */
  readonly generator: string
  /** Answers one question and records it in the conversation of the terminal. */
  ask(question: string, options?: AskOptions): Promise<Answer>
  /** Starts to answer one question, which is recorded nowhere. */
  start(question: string, options?: StartOptions): StartedQuestion
  /** Conversations; those of the terminal and of the HTTP server have different owners. */
  readonly sessions: SessionStore
  /** What was said in the terminal so far, in numbers. */
  statistics(): Promise<SessionStatistics>
  /** The state of the MCP servers. */
  servers(): OrchestratorStatus['servers']
  /** How the parts are. */
  health(): Promise<HealthReport>
  /** Whether requests should be sent here. */
  readiness(): Promise<Readiness>
  /** Makes the server not ready from now on. */
  drain(): void
  /** Where the measurements of all parts are. */
  readonly meter: MemoryMeter
  /** The Prometheus text of what happened so far. */
  metrics(): string
}
