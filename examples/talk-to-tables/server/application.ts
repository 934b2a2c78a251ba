import type { Answer, AssistantEvent } from '@t2t/llm-sql'

/** The assembled parts, as the terminal and the HTTP server use them. */
export interface Application extends AsyncDisposable {
  /** Where the database MCP server listens. */
  readonly databaseUrl: string
  /** Which generator writes the SQL. */
  readonly generator: string
  /** Answers one question and records it in the conversation. */
  ask(question: string, options?: AskOptions): Promise<Answer>
  /** Runs a statement through the database's own guard, as any MCP client could. */
  health(): Promise<HealthReport>
  /** The Prometheus text of what happened so far. */
  metrics(): string
}

export interface AskOptions {
  readonly signal?: AbortSignal
  readonly onEvent?: (event: AssistantEvent) => void
}

export interface HealthReport {
  readonly status: 'healthy' | 'degraded' | 'unhealthy'
  readonly checks: Readonly<
    Record<string, { readonly status: string; readonly reason?: string | undefined }>
  >
}
