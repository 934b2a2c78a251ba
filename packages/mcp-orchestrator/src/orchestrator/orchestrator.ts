import type { Failure, Gathered, ToolOutcome } from '../outcome/outcome.ts'
import type { Connector, ToolInfo } from '../upstream/connection.ts'
import type { UpstreamStatus } from '../upstream/upstream-info.ts'

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
  /**
   * Whether `connect` fails when this server is missing.
   * @defaultValue false
   */
  readonly isRequired?: boolean | undefined
  /**
   * Requests to the server that are under way at the same time; further ones wait for their turn.
   * An integer from 1 to 1000.
   * @defaultValue 32
   */
  readonly maxInFlight?: number | undefined
}

/** Several MCP servers as one. */
export interface Orchestrator extends AsyncDisposable {
  /**
   * Connects to all servers at once, also to those that are left alone after failures.
   *
   * Calling this is optional: what needs a connection makes it. Gives the failures that are known
   * when it ends; a server that is not waited for is still being connected to.
   *
   * @throws {@link ServersMissingError} when a required server is missing, or when `waitFor` is
   * `any` and there is none.
   * @throws The reason of the signal, when it aborts.
   */
  connect(options?: ConnectOptions): Promise<readonly Failure[]>
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

/** Options for {@link Orchestrator.connect}. */
export interface ConnectOptions {
  /**
   * What to wait for: every server, the first that is ready, or those that are required.
   * @defaultValue 'all'
   */
  readonly waitFor?: 'all' | 'any' | 'required' | undefined
  readonly signal?: AbortSignal | undefined
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
export type ServerStatus = UpstreamStatus
