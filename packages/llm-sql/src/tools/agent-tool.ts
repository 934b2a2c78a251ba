import type { MissingSource } from '../assistant/answer.ts'

/**
 * Something that a model may call.
 *
 * Implement this for a function of your own; `mcpTools` from `@t2t/llm-sql/mcp` makes them of the
 * tools of MCP servers.
 */
export interface AgentTool extends ToolDescription {
  /**
   * Makes one call. What it throws becomes a failed call that the model is told of, without the
   * words of the error; the signal aborts at the deadline of the call and when the caller gives up.
   */
  call(input: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<ToolReply>
}

/** What is known of a tool before it is called. */
export interface ToolDescription {
  /** Unique within a run, such as `shop__query`. */
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>
  /**
   * Where its results come from and its input goes to: the name of a server.
   * @defaultValue the name of the tool
   */
  readonly origin?: string | undefined
  /**
   * Whether name, description and schema were written by someone who is trusted. Nothing but names
   * and types is shown to a model of a tool that is not.
   * @defaultValue false
   */
  readonly isTrusted?: boolean | undefined
  /**
   * Whether the tool says that it changes nothing.
   * @defaultValue false
   */
  readonly isReadOnly?: boolean | undefined
}

/** What a call gave. Untrusted text. */
export interface ToolReply {
  readonly text: string
  /** Whether the tool says that it failed. */
  readonly isError: boolean
}

/** Tools that can be called now, and what should have been there. */
export interface AvailableTools {
  readonly tools: readonly AgentTool[]
  readonly missing: readonly MissingSource[]
}

/** Lists tools, once for each run. */
export type ToolSource = (signal: AbortSignal) => Promise<AvailableTools>
