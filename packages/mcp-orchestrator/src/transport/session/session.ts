import type { RequestMeta } from '../../upstream/connection.ts'
import type { Progress } from './progress.ts'

/** How a client is told when to stop, and whom it tells how far it is. */
export interface SessionRequestOptions {
  readonly signal: AbortSignal
  readonly timeout: number
  readonly onprogress?: (progress: Progress) => void
}

/** One page of a list, as a client gives it. */
export interface SessionPage<Item> {
  readonly items: readonly Item[]
  readonly nextCursor?: string | undefined
  readonly ttlMs?: unknown
}

/** A resource as both SDKs describe it. */
export interface SessionResource {
  readonly uri: string
  readonly name: string
  readonly mimeType?: string | undefined
  readonly description?: string | undefined
}

/** A tool as both SDKs describe it. */
export interface SessionTool {
  readonly name: string
  readonly description?: string | undefined
  readonly inputSchema: Readonly<Record<string, unknown>>
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined
  readonly annotations?:
    | {
        readonly readOnlyHint?: boolean | undefined
        readonly idempotentHint?: boolean | undefined
      }
    | undefined
}

/** The content of a resource as both SDKs describe it. */
export type SessionContent =
  | { readonly uri: string; readonly mimeType?: string | undefined; readonly text: string }
  | { readonly uri: string; readonly mimeType?: string | undefined; readonly blob: string }

/** What a tool answered, as both SDKs describe it. */
export interface SessionResult {
  readonly isError?: boolean | undefined
  readonly content: readonly { readonly type: string; readonly text?: unknown }[]
  readonly structuredContent?: unknown
}

/**
 * The client of one SDK, connected: what a connection is built on.
 *
 * Errors are the SDK's own; the adapter's `readFault` says what they mean.
 */
export interface Session {
  readonly hasResources: boolean
  readonly hasTools: boolean
  listResources(
    cursor: string | undefined,
    options: SessionRequestOptions,
    meta?: RequestMeta,
  ): Promise<SessionPage<SessionResource>>
  readResource(
    uri: string,
    options: SessionRequestOptions,
    meta?: RequestMeta,
  ): Promise<{ readonly contents: readonly SessionContent[]; readonly ttlMs?: unknown }>
  listTools(
    cursor: string | undefined,
    options: SessionRequestOptions,
    meta?: RequestMeta,
  ): Promise<SessionPage<SessionTool>>
  callTool(
    name: string,
    input: Readonly<Record<string, unknown>>,
    options: SessionRequestOptions,
    meta?: RequestMeta,
  ): Promise<SessionResult>
  /** Asks to be told about changes of a resource; absent when the server does not offer it. */
  readonly subscribe?: ((uri: string) => void) | undefined
}
