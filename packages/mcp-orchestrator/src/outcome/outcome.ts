import type { ConnectionFailureKind } from '../errors/connection-error.ts'

/** What gathering gave: what arrived, and by name what did not. */
export interface Gathered {
  /** Ordered by priority, then server, then URI. */
  readonly items: readonly GatheredItem[]
  readonly failures: readonly Failure[]
  /** Whether everything that was asked for arrived in full and fresh. */
  readonly isComplete: boolean
  /** Items that did not fit into `maxBytes`. Absent when there are none. */
  readonly omitted?: readonly OmittedItem[] | undefined
  /** Of the URIs that were asked for, those that no server lists. Absent when there are none. */
  readonly notFound?: readonly string[] | undefined
  /** Of the URIs that were asked for, those that several servers list. Absent when there are none. */
  readonly collisions?: readonly UriCollision[] | undefined
  /** Whether all servers were used or the primary one alone. Absent in the mode `multi`. */
  readonly mode?: 'single' | 'multi' | undefined
}

/** An item that was left out because it did not fit. */
export interface OmittedItem {
  readonly server: string
  readonly uri: string
  readonly bytes: number
}

/** A URI that several servers list. */
export interface UriCollision {
  readonly uri: string
  /** The server that is read: the one with the lowest priority number, then the first by name. */
  readonly server: string
  readonly others: readonly string[]
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
  /** Whether characters that cannot be seen were taken out. Absent when not. */
  readonly isCleaned?: boolean | undefined
  /**
   * Whether a word of it mixes scripts whose letters look alike, such as Latin and Cyrillic. Absent
   * when not, or when the server is trusted.
   */
  readonly hasLookalikes?: boolean | undefined
  /** Whether it is an old answer in the place of a request that failed. Absent when not. */
  readonly isStale?: boolean | undefined
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

/** What reading one resource came to. */
export type ReadOutcome =
  | {
      readonly kind: 'items'
      /** One for each content; a resource may have several. */
      readonly items: readonly GatheredItem[]
      /** Set when the URI is listed by more than one server. */
      readonly collision?: UriCollision | undefined
    }
  | {
      readonly kind: 'failed'
      readonly failure: Failure
      /** An old answer, when the cache may give one; marked as stale. */
      readonly items?: readonly GatheredItem[] | undefined
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
