/** One use of a tool in a session. */
export interface ToolExecution {
  /** Place in the session, from 1 up; messages and tool executions share one count. */
  readonly sequence: number
  readonly tool: string
  readonly arguments: Readonly<Record<string, unknown>>
  /** What came of it, in short. */
  readonly result: string
  readonly succeeded: boolean
  readonly durationMs: number
  /** UTC, ISO 8601. */
  readonly createdAt: string
}

/** A tool execution that is to be stored. */
export interface NewToolExecution {
  /** 1 to 200 characters. */
  readonly tool: string
  /** Stored as JSON, of at most 1,000,000 characters. */
  readonly arguments: Readonly<Record<string, unknown>>
  /** At most 1,000,000 characters; keep it short and without rows that need not be kept. */
  readonly result: string
  readonly succeeded: boolean
  /** A finite number from 0 up. */
  readonly durationMs: number
}
