import type { CacheMode, CacheStatistics } from '../cache/cache-options.ts'
import type { Failure, Gathered, ReadOutcome, ToolOutcome } from '../outcome/outcome.ts'
import type { ListedTools } from '../tools/list-tools.ts'
import type { Connector, RequestMeta, ToolProgress } from '../upstream/connection.ts'
import type { Capability, UpstreamStatus } from '../upstream/upstream-info.ts'

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
  /**
   * What the server is used for.
   * @defaultValue both
   */
  readonly capabilities?: readonly Capability[] | undefined
  /**
   * The only tools that may be listed and called, by their names on the server.
   * @defaultValue all
   */
  readonly allowTools?: readonly string[] | undefined
  /** Tools that may not be listed and called, by their names on the server. */
  readonly blockTools?: readonly string[] | undefined
  /**
   * Fingerprints of tools, as `listTools` gives them. A tool whose name, description or schema is
   * not the one that was pinned is neither listed nor called.
   * @defaultValue none
   */
  readonly toolPins?: Readonly<Record<string, string>> | undefined
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
   * @throws {@link GatherIncompleteError} when `strict` is set and anything is missing.
   * @throws {@link OrchestratorClosedError} after {@link Orchestrator.close}.
   * @throws The reason of the signal, when it aborts.
   */
  gather(options?: GatherOptions): Promise<Gathered>
  /**
   * Reads one resource from the server that lists it; of several, from the one with the lowest
   * priority number.
   */
  read(options: ReadOptions): Promise<ReadOutcome>
  /** Lists every tool as `server__tool`, in order of priority, server and tool. */
  listTools(options?: ListToolsOptions): Promise<ListedTools>
  /**
   * Calls a tool. Whatever the server does is an outcome; an abort throws the reason of the signal,
   * and the server is told.
   *
   * The call is repeated only when a lost connection is certain to have carried nothing, or when
   * that was permitted and the tool says that it changes nothing.
   */
  callTool(call: ToolCall, options?: CallToolOptions): Promise<ToolOutcome>
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
  /**
   * Only these resources, each from the server that lists it.
   * @defaultValue all
   */
  readonly uris?: readonly string[] | undefined
  /**
   * Time for each server, in milliseconds, when that is less than its own. An integer from 1 to
   * 2147483647.
   * @defaultValue the server's own
   */
  readonly timeoutMs?: number | undefined
  /**
   * UTF-8 bytes of all texts together, spent in the order of priority. Items that do not fit are
   * left out and named.
   * @defaultValue without limit
   */
  readonly maxBytes?: number | undefined
  /**
   * Whether anything that is missing, cut off or stale throws.
   * @defaultValue false
   */
  readonly strict?: boolean | undefined
  /** @defaultValue 'use' */
  readonly cacheMode?: CacheMode | undefined
  readonly signal?: AbortSignal | undefined
}

/** Options for {@link Orchestrator.read}. */
export interface ReadOptions {
  readonly uri: string
  /**
   * Reads from this server, whether it lists the URI or not.
   * @defaultValue the one that lists it
   */
  readonly server?: string | undefined
  /** @defaultValue 'use' */
  readonly cacheMode?: CacheMode | undefined
  readonly signal?: AbortSignal | undefined
}

/** Options for {@link Orchestrator.listTools}. */
export interface ListToolsOptions {
  /** Only servers that serve one of these subjects, and those that serve every subject. */
  readonly domains?: readonly string[] | undefined
  /** Only these servers. */
  readonly servers?: readonly string[] | undefined
  /** @defaultValue 'use' */
  readonly cacheMode?: CacheMode | undefined
  readonly signal?: AbortSignal | undefined
}

/** Options for {@link Orchestrator.callTool}. */
export interface CallToolOptions {
  /**
   * Whether the call may be made a second time after a lost connection, when its tool says that it
   * changes nothing, or nothing more. Such a word is only a hint.
   * @defaultValue false
   */
  readonly mayRepeat?: boolean | undefined
  /** What this call tells its server as `_meta`, beside what the orchestrator's `meta` gives. */
  readonly meta?: RequestMeta | undefined
  /** Told how far the tool is. It does not prolong the deadline. */
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined
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
export interface ServerStatus extends UpstreamStatus {
  readonly cache: CacheStatistics
}
