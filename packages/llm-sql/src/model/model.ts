/**
 * A language model, as the assistant needs it.
 *
 * Implement this to use another provider, then run `modelContract` from
 * `@t2t/llm-sql/testing` against it: the contract is the specification.
 */
export interface Model {
  /** Stable id such as `openai:gpt-x`; appears in receipts and metric labels. */
  readonly name: string
  /** @defaultValue a model that gives text and nothing else */
  readonly capabilities?: ModelCapabilities | undefined
  /** Completes a conversation; ends within one tick when the signal aborts. */
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>
  /**
   * The same, with the text as it comes; absent where that is not possible. The last part is
   * always the whole reply. What makes `complete` reject makes the iteration throw.
   */
  stream?(request: ModelRequest, signal: AbortSignal): AsyncIterable<ModelPart>
}

/** What a model can do besides giving text. */
export interface ModelCapabilities {
  /**
   * Gives JSON that obeys a schema.
   * @defaultValue false
   */
  readonly json?: boolean | undefined
  /**
   * Calls tools.
   * @defaultValue false
   */
  readonly tools?: boolean | undefined
}

/** What a model is asked. */
export interface ModelRequest {
  readonly messages: readonly ModelMessage[]
  /** Upper bound for the reply, in tokens. */
  readonly maxOutputTokens?: number | undefined
  /** @defaultValue 0 */
  readonly temperature?: number | undefined
  /**
   * The form of the reply, for models whose capabilities say so; others ignore it. The text is then
   * JSON, which a caller must still check.
   */
  readonly json?: ModelJson | undefined
  /** What the model may call, for models whose capabilities say so; others ignore it. */
  readonly tools?: readonly ModelTool[] | undefined
}

/** The form of a reply in JSON. */
export interface ModelJson {
  /** Letters, digits, `_` and `-`. */
  readonly name: string
  /** JSON Schema of an object. */
  readonly schema: Readonly<Record<string, unknown>>
}

/** Something that a model may call. */
export interface ModelTool {
  /** Letters, digits, `_` and `-`; at most 64. */
  readonly name: string
  readonly description?: string | undefined
  /** JSON Schema of an object. */
  readonly inputSchema: Readonly<Record<string, unknown>>
}

/** One message of a conversation with a model. */
export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant' | 'tool'
  readonly content: string
  /** What an `assistant` called. */
  readonly toolCalls?: readonly ModelToolCall[] | undefined
  /** The call that a message of the role `tool` gives the result of. */
  readonly toolCall?: ModelToolCall | undefined
}

/** A call that a model wants to be made. */
export interface ModelToolCall {
  /** Unique within a reply. */
  readonly id: string
  readonly name: string
  /** `undefined` when what the model wrote is not a JSON object. */
  readonly input: Readonly<Record<string, unknown>> | undefined
  /** What the provider wants back together with the call, unchanged. */
  readonly opaque?: string | undefined
}

/** What a model replied. */
export interface ModelReply {
  readonly text: string
  readonly finishReason: 'stop' | 'length' | 'refused' | 'tool-calls' | 'other'
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number } | undefined
  /** Calls that the model wants to be made, in its order. Absent when there are none. */
  readonly toolCalls?: readonly ModelToolCall[] | undefined
}

/** A part of a reply that is streamed. */
export type ModelPart =
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'end'; readonly reply: ModelReply }
