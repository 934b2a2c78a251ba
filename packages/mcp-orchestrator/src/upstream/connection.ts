import type { ConnectionError } from '../errors/connection-error.ts'

/**
 * A live connection to one MCP server, whatever SDK and transport are behind it.
 *
 * Implement {@link Connector} to support another client, then run `connectionContract` from
 * `@t2t/mcp-orchestrator/testing` against it: the contract is the specification.
 *
 * Every method rejects with the signal's reason when it aborts, and else with a
 * `ConnectionError` whose `kind` says what happened. An aborted request leaves the
 * connection usable.
 */
export interface Connection {
  /** All resources, all pages. */
  listResources(signal: AbortSignal, options?: RequestOptions): Promise<readonly ResourceInfo[]>
  readResource(
    uri: string,
    signal: AbortSignal,
    options?: RequestOptions,
  ): Promise<readonly ResourceContent[]>
  /** All tools, all pages. */
  listTools(signal: AbortSignal, options?: RequestOptions): Promise<readonly ToolInfo[]>
  callTool(
    name: string,
    input: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    options?: RequestOptions,
  ): Promise<ToolResult>
  /** Ends the connection and, for a child process, the process. Harmless when called twice. */
  close(): Promise<void>
}

/** Opens connections to one server. */
export interface Connector {
  /** How the server is reached, without secrets, for status and errors. */
  readonly description: string
  /**
   * Rejects when no connection could be made before the signal aborted.
   *
   * `onNotice` hears what the server tells without being asked, as far as it tells anything.
   */
  connect(signal: AbortSignal, onNotice?: (notice: ConnectionNotice) => void): Promise<Connection>
  /**
   * Gives the latest complaint of the server beside the protocol, such as the last lines of its
   * standard error: one sentence without secrets, added to failures. Untrusted text.
   */
  diagnose?(): string | undefined
}

/** What a request carries beside its arguments, and who hears what comes with its answer. */
export interface RequestOptions {
  /** Goes to the server as `_meta`. */
  readonly meta?: RequestMeta | undefined
  /** Called when the server says how long its answer holds. */
  readonly onCacheHint?: ((hint: CacheHint) => void) | undefined
  /** Called while a tool works, when its server tells how far it is. */
  readonly onProgress?: ((progress: ToolProgress) => void) | undefined
}

/**
 * What a request tells its server about itself, such as `traceparent`, `tracestate` and `baggage`.
 * Keys of the protocol itself (`progressToken`, `io.modelcontextprotocol/…`) are left out.
 */
export type RequestMeta = Readonly<Record<string, unknown>>

/** How long an answer holds, as the server says. */
export interface CacheHint {
  readonly ttlMs: number
}

/** How far a tool is. Untrusted text. */
export interface ToolProgress {
  readonly progress: number
  readonly total?: number | undefined
  readonly message?: string | undefined
}

/** What a server tells without being asked. */
export type ConnectionNotice =
  /** The connection ended from the other side; `error` says how. */
  | { readonly type: 'closed'; readonly error: ConnectionError }
  | { readonly type: 'tools-changed' }
  | { readonly type: 'resources-changed' }
  | { readonly type: 'resource-updated'; readonly uri: string }

/** A resource as its server lists it. Untrusted text. */
export interface ResourceInfo {
  readonly uri: string
  readonly name: string
  readonly mimeType?: string | undefined
  readonly description?: string | undefined
}

/** A resource's content; binary content is base64 text in `blob`. */
export interface ResourceContent {
  readonly uri: string
  readonly mimeType?: string | undefined
  readonly text?: string | undefined
  readonly blob?: string | undefined
}

/** A tool as its server lists it. Untrusted text. */
export interface ToolInfo {
  readonly name: string
  readonly description?: string | undefined
  readonly inputSchema: Readonly<Record<string, unknown>>
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined
  /** The server says that the tool changes nothing. A hint, not a permission. */
  readonly isReadOnly?: boolean | undefined
  /** The server says that a second call changes nothing more. A hint, not a permission. */
  readonly isIdempotent?: boolean | undefined
}

/** What a tool call gave. `isError` is the tool's own failure, not the connection's. */
export interface ToolResult {
  readonly isError: boolean
  /** The text parts, joined by newlines. */
  readonly text: string
  readonly structured?: Readonly<Record<string, unknown>> | undefined
}
