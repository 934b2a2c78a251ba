/**
 * A language model, as the assistant needs it.
 *
 * Implement this to use another provider, then run `modelContract` from
 * `@t2t/llm-sql/testing` against it: the contract is the specification.
 */
export interface Model {
  /** Stable id such as `openai:gpt-x`; appears in receipts and metric labels. */
  readonly name: string
  /** Completes a conversation; ends within one tick when the signal aborts. */
  complete(request: ModelRequest, signal: AbortSignal): Promise<ModelReply>
}

/** What a model is asked. */
export interface ModelRequest {
  readonly messages: readonly ModelMessage[]
  /** Upper bound for the reply, in tokens. */
  readonly maxOutputTokens?: number | undefined
  /** @defaultValue 0 */
  readonly temperature?: number | undefined
}

/** One message of a conversation with a model. */
export interface ModelMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** What a model replied. */
export interface ModelReply {
  readonly text: string
  readonly finishReason: 'stop' | 'length' | 'refused' | 'other'
  readonly usage?: { readonly inputTokens: number; readonly outputTokens: number } | undefined
}
