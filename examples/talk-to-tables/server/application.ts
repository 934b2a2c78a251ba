import type { Answer, AskOptions } from '@t2t/llm-sql'
import type { HealthReport } from '@t2t/metrics'
import type { SessionStatistics } from '@t2t/sessions'

/** The assembled parts, as the terminal and the HTTP server use them. */
export interface Application extends AsyncDisposable {
  /** Where the database MCP server listens. */
  readonly databaseUrl: string
  /** What writes the SQL. */
  readonly generator: string
  /** Answers one question and records it in the conversation. */
  ask(question: string, options?: AskOptions): Promise<Answer>
  /** What was said so far, in numbers. */
  statistics(): Promise<SessionStatistics>
  /** How the parts are. */
  health(): Promise<HealthReport>
  /** The Prometheus text of what happened so far. */
  metrics(): string
}
