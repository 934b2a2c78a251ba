import type { Failure, Gathered, ToolOutcome } from '../outcome/outcome.ts'
import type { Connector, ToolInfo } from '../upstream/connection.ts'

/** One server that the orchestrator talks to. */
export interface ServerOptions {
  /** Unique; letters, digits, `-` and `_`. */
  readonly name: string
  readonly connector: Connector
  /** 1 to 999; the lower number wins a conflict and comes first. */
  readonly priority: number
  /**
   * Subjects that the server knows about.
   * @defaultValue none, which means it serves every subject
   */
  readonly domains?: readonly string[] | undefined
  /**
   * Time for connecting, and for each request, in milliseconds.
   * @defaultValue 10000
   */
  readonly timeoutMs?: number | undefined
  /** @defaultValue 'untrusted' */
  readonly trust?: 'trusted' | 'untrusted' | undefined
}

/** Several MCP servers as one. */
export interface Orchestrator extends AsyncDisposable {
  /** Connects to all servers at once; a server that fails is reported, not thrown. */
  connect(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly Failure[]>
  /** Reads resources of the servers in parallel; each has its own deadline. */
  gather(options?: GatherOptions): Promise<Gathered>
  /** Every tool as `server__tool`. */
  listTools(options?: { readonly signal?: AbortSignal | undefined }): Promise<{
    readonly tools: readonly ToolInfo[]
    readonly failures: readonly Failure[]
  }>
  callTool(call: ToolCall, options?: { readonly signal?: AbortSignal | undefined }): Promise<ToolOutcome>
  getStatus(): OrchestratorStatus
  close(): Promise<void>
}

/** Options for {@link Orchestrator.gather}. */
export interface GatherOptions {
  /** Only servers that serve one of these subjects. */
  readonly domains?: readonly string[] | undefined
  /** Only these servers. */
  readonly servers?: readonly string[] | undefined
  readonly signal?: AbortSignal | undefined
}

/** A tool call. */
export interface ToolCall {
  readonly server: string
  readonly tool: string
  readonly input: Readonly<Record<string, unknown>>
}

/** The state of every server, for people and health checks. */
export interface OrchestratorStatus {
  readonly servers: readonly ServerStatus[]
}

/** The state of one server. */
export interface ServerStatus {
  readonly name: string
  readonly priority: number
  readonly state: 'idle' | 'connecting' | 'ready' | 'failed' | 'closed'
  readonly description: string
  readonly lastError?: string | undefined
}
