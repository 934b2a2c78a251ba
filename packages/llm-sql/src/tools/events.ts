import type { RefusalReason } from './taint.ts'
import type { ToolAnswer } from './tool-answer.ts'

/** How a call of a model ended. */
export type CallOutcome =
  | 'done'
  /** The tool said that it failed, or could not be reached. */
  | 'tool-failed'
  | 'timed-out'
  | 'refused'
  /** The model named a tool that was not offered. */
  | 'tool-unknown'
  /** The arguments are no JSON object, or not those of the tool. */
  | 'input-invalid'
  /** The same call was made before. */
  | 'repeated'
  /** One of too many in one reply. */
  | 'left-out'

/** What happens while tools are used, in order. Events hold neither inputs nor results. */
export type ToolEvent =
  | { readonly type: 'tools-listed'; readonly tools: number; readonly missing: number }
  | {
      readonly type: 'model-called'
      readonly model: string
      readonly outcome: 'ok' | 'failed'
      readonly durationMs: number
      readonly inputTokens?: number | undefined
      readonly outputTokens?: number | undefined
    }
  | {
      readonly type: 'tool-called'
      readonly hop: number
      /** What the model wrote, when there is no such tool. */
      readonly tool: string
      readonly outcome: CallOutcome
      /** Set when the outcome is `refused`. */
      readonly reason?: RefusalReason | undefined
      readonly durationMs: number
      /** UTF-8 bytes of the result that the model is shown. */
      readonly bytes: number
      readonly isTruncated: boolean
    }
  /** From the next call on, what may be called is narrowed. */
  | { readonly type: 'context-tainted'; readonly hop: number; readonly origin: string }
  | {
      readonly type: 'question-answered'
      readonly kind: ToolAnswer['kind']
      readonly hops: number
      readonly durationMs: number
    }

/** Receives events. What it throws is ignored. */
export type ToolListener = (event: ToolEvent) => void
