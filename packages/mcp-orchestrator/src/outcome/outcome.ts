import type { ConnectionFailureKind } from '../errors/connection-error.ts'

/** What gathering gave: what arrived, and by name what did not. */
export interface Gathered {
  /** Ordered by priority, then server, then URI. */
  readonly items: readonly GatheredItem[]
  readonly failures: readonly Failure[]
  /** Whether every server that was asked answered in full. */
  readonly isComplete: boolean
}

/** One resource with its provenance. */
export interface GatheredItem {
  readonly server: string
  /** 1 to 999; the lower number wins a conflict. */
  readonly priority: number
  readonly uri: string
  readonly mimeType?: string | undefined
  /** Untrusted text unless `trust` says otherwise. */
  readonly text: string
  readonly trust: 'trusted' | 'untrusted'
  /** UTF-8 bytes of `text`. */
  readonly bytes: number
  readonly isTruncated: boolean
  /** Milliseconds since the Unix epoch. */
  readonly fetchedAt: number
}

/** A server, or one of its resources, that did not answer. */
export interface Failure {
  readonly server: string
  readonly stage: 'connect' | 'list' | 'read' | 'call'
  readonly kind: ConnectionFailureKind
  /** One sentence without secrets. */
  readonly message: string
  readonly uri?: string | undefined
  /** When the server may be asked again, in milliseconds from when the failure arose. */
  readonly retryAfterMs?: number | undefined
}

/** What a tool call through the orchestrator came to. */
export type ToolOutcome =
  | {
      readonly kind: 'result'
      readonly server: string
      readonly tool: string
      readonly isError: boolean
      readonly text: string
      readonly structured?: Readonly<Record<string, unknown>> | undefined
    }
  | { readonly kind: 'failed'; readonly failure: Failure }
