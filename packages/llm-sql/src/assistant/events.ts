import type { Answer, ResolvedEntity } from './answer.ts'

/** What happens while a question is answered, in order. Events contain no rows. */
export type AssistantEvent =
  | {
      readonly type: 'context-gathered'
      readonly tables: number
      readonly sources: number
      readonly missing: number
      /** Definitions that had to give way to others of the same term; absent when there are none. */
      readonly conflicts?: number | undefined
      readonly durationMs: number
    }
  | { readonly type: 'entities-resolved'; readonly entities: readonly ResolvedEntity[] }
  | {
      readonly type: 'sql-drafted'
      readonly attempt: number
      readonly sql: string
      readonly generator: string
      readonly durationMs: number
    }
  | {
      readonly type: 'sql-checked'
      readonly attempt: number
      readonly verdict: 'allowed' | 'refused'
      readonly codes: readonly string[]
    }
  | {
      readonly type: 'rows-read'
      readonly rows: number
      readonly isTruncated: boolean
      readonly durationMs: number
    }
  | {
      readonly type: 'model-called'
      readonly model: string
      readonly outcome: 'ok' | 'failed'
      readonly durationMs: number
      readonly inputTokens?: number | undefined
      readonly outputTokens?: number | undefined
    }
  | {
      readonly type: 'question-answered'
      readonly kind: Answer['kind']
      readonly durationMs: number
      /** Drafts that were made, the first one included; 0 when it did not come to one. */
      readonly attempts?: number | undefined
    }
