import type { Failure, Gathered, ToolOutcome } from '../outcome/outcome.ts'
import type { Connector, ToolInfo } from '../upstream/connection.ts'

/** One server that the orchestrator talks to. */
export interface ServerOptions {
  /** Unique; letters, digits, `-` and single `_` between them, at most 64 characters. */
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
   * Time for connecting, for all that one gathering asks of the server, and for each tool call, in
   * milliseconds. An integer from 1 to 2147483647.
   * @defaultValue 10000
   */
  readonly timeoutMs?: number | undefined
  /** @defaultValue 'untrusted' */
  readonly trust?: 'trusted' | 'untrusted' | undefined
}

/** Several MCP servers as one. */
export interface Orchestrator extends AsyncDisposable {
  /**
   * Connects to all servers at once; a server that fails is reported, not thrown.
   *
   * Calling this is optional: what needs a connection makes it, and tries once more where an
   * earlier attempt failed.
   */
  connect(options?: { readonly signal?: AbortSignal | undefined }): Promise<readonly Failure[]>
  /**
   * Reads the resources of the servers in parallel; each server has its own deadline.
   *
   * A server that does not answer is a failure with a name, never an empty list.
   *
   * @throws {@link OptionInvalidError} when `servers` names a server that does not exist.
   * @throws {@link OrchestratorClosedError} after {@link Orchestrator.close}.
   * @throws The reason of the signal, when it aborts.
   */
  gather(options?: GatherOptions): Promise<Gathered>
  /** Lists every tool as `server__tool`, in order of priority, server and tool. */
  listTools(options?: { readonly signal?: AbortSignal | undefined }): Promise<{
    readonly tools: readonly ToolInfo[]
    readonly failures: readonly Failure[]
  }>
  /**
   * Calls a tool. Whatever the server does is an outcome; an abort throws the reason of the signal.
   *
   * The call is repeated only when a lost connection is certain to have carried nothing.
   */
  callTool(
    call: ToolCall,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<ToolOutcome>
  /** Tells the state of every server, in order of priority and name, without asking them. */
  getStatus(): OrchestratorStatus
  /**
   * Closes all connections in parallel and ends what is under way. Harmless when called twice;
   * a server that does not let go is left behind after five seconds.
   */
  close(): Promise<void>
}

/** Options for {@link Orchestrator.gather}. */
export interface GatherOptions {
  /** Only servers that serve one of these subjects, and those that serve every subject. */
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
