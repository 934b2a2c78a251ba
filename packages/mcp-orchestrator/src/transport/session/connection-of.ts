import { ConnectionError } from '../../errors/connection-error.ts'
import type {
  Connection,
  RequestOptions,
  ResourceContent,
  ResourceInfo,
  ToolInfo,
  ToolResult,
} from '../../upstream/connection.ts'
import { isOfOneRequest } from '../../upstream/one-request.ts'
import { maxSubscriptions } from './limits.ts'
import { metaOf } from './meta.ts'
import { readPages } from './pages.ts'
import type { Requester } from './requester.ts'
import type {
  Session,
  SessionContent,
  SessionRequestOptions,
  SessionResult,
  SessionTool,
} from './session.ts'

/** What a connection is built on. */
export interface ConnectionOfOptions {
  readonly session: Session
  readonly request: Requester
  /** Ends the connection and all that belongs to it. Called once. */
  readonly close: () => Promise<void>
}

/** Builds a connection on the connected client of an SDK. */
export function connectionOf(options: ConnectionOfOptions): Connection {
  return new SessionConnection(options)
}

// A class, so that every connection does not have functions of its own.
class SessionConnection implements Connection {
  readonly #options: ConnectionOfOptions
  #subscribed: Set<string> | undefined
  #closing: Promise<void> | undefined

  constructor(options: ConnectionOfOptions) {
    this.#options = options
  }

  async listResources(
    signal: AbortSignal,
    extras?: RequestOptions,
  ): Promise<readonly ResourceInfo[]> {
    const { session } = this.#options
    if (!session.hasResources) return []
    const note = noteTtl(extras)
    const meta = metaOf(extras?.meta)
    return readPages(async (cursor) => {
      const page = await this.#request(signal, (own) => session.listResources(cursor, own, meta))
      note(page.ttlMs)
      const items = page.items.map(({ uri, name, mimeType, description }) => ({
        uri,
        name,
        mimeType,
        description,
      }))
      return { items, nextCursor: page.nextCursor }
    })
  }

  async readResource(
    uri: string,
    signal: AbortSignal,
    extras?: RequestOptions,
  ): Promise<readonly ResourceContent[]> {
    const { session } = this.#options
    const meta = metaOf(extras?.meta)
    const read = await this.#request(signal, (own) => session.readResource(uri, own, meta))
    noteTtl(extras)(read.ttlMs)
    if (extras?.onCacheHint !== undefined) this.#subscribe(uri)
    return read.contents.map(contentOf)
  }

  async listTools(signal: AbortSignal, extras?: RequestOptions): Promise<readonly ToolInfo[]> {
    const { session } = this.#options
    if (!session.hasTools) return []
    const note = noteTtl(extras)
    const meta = metaOf(extras?.meta)
    return readPages(async (cursor) => {
      const page = await this.#request(signal, (own) => session.listTools(cursor, own, meta))
      note(page.ttlMs)
      return { items: page.items.map(toolOf), nextCursor: page.nextCursor }
    })
  }

  async callTool(
    name: string,
    input: Readonly<Record<string, unknown>>,
    signal: AbortSignal,
    extras?: RequestOptions,
  ): Promise<ToolResult> {
    const onProgress = extras?.onProgress
    const meta = metaOf(extras?.meta)
    const send = (own: SessionRequestOptions) =>
      this.#options.session.callTool(
        name,
        input,
        onProgress === undefined
          ? own
          : {
              ...own,
              onprogress: ({ progress, total, message }) =>
                onProgress({ progress, total, message }),
            },
        meta,
      )
    return resultOf(await this.#request(signal, send, isOfOneRequest(extras)))
  }

  close(): Promise<void> {
    return (this.#closing ??= this.#options.close())
  }

  /** A client that was closed may answer from what it remembers. */
  #request<Value>(
    signal: AbortSignal,
    send: (options: SessionRequestOptions) => Promise<Value>,
    isAlone = false,
  ): Promise<Value> {
    if (this.#closing === undefined || signal.aborted) {
      return this.#options.request(signal, send, isAlone)
    }
    const message = 'The connection was closed.'
    return Promise.reject(new ConnectionError('closed', message, { isSafeToRepeat: true }))
  }

  /** Asks to hear of changes, once for each resource; a server that will not tell is no failure. */
  #subscribe(uri: string): void {
    const { session } = this.#options
    if (session.subscribe === undefined || this.#subscribed?.has(uri) === true) return
    this.#subscribed ??= new Set()
    if (this.#subscribed.size >= maxSubscriptions) return
    this.#subscribed.add(uri)
    session.subscribe(uri)
  }
}

/** Passes on the shortest time that a page of an answer holds. */
function noteTtl(extras: RequestOptions | undefined): (ttlMs: unknown) => void {
  let shortest = Number.POSITIVE_INFINITY
  return (ttlMs) => {
    if (typeof ttlMs !== 'number' || !Number.isFinite(ttlMs)) return
    shortest = Math.min(shortest, Math.max(0, ttlMs))
    extras?.onCacheHint?.({ ttlMs: shortest })
  }
}

function contentOf(content: SessionContent): ResourceContent {
  return {
    uri: content.uri,
    mimeType: content.mimeType,
    text: 'text' in content ? content.text : undefined,
    blob: 'blob' in content ? content.blob : undefined,
  }
}

function toolOf(tool: SessionTool): ToolInfo {
  const { name, description, inputSchema, outputSchema, annotations } = tool
  return {
    name,
    description,
    inputSchema,
    ...(outputSchema === undefined ? {} : { outputSchema }),
    ...(annotations?.readOnlyHint === undefined ? {} : { isReadOnly: annotations.readOnlyHint }),
    ...(annotations?.idempotentHint === undefined
      ? {}
      : { isIdempotent: annotations.idempotentHint }),
  }
}

function resultOf({ isError, content, structuredContent }: SessionResult): ToolResult {
  const texts = content.flatMap(({ type, text }) =>
    type === 'text' && typeof text === 'string' ? [text] : [],
  )
  return {
    isError: isError === true,
    text: texts.join('\n'),
    structured: isRecord(structuredContent) ? structuredContent : undefined,
  }
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
