import { ConnectionError } from '../../errors/connection-error.ts'
import type {
  Connection,
  RequestHooks,
  ResourceContent,
  ToolInfo,
  ToolResult,
} from '../../upstream/connection.ts'
import { maxSubscriptions } from './limits.ts'
import { readPages } from './pages.ts'
import type { Requester } from './requester.ts'
import type { Session, SessionContent, SessionResult, SessionTool } from './session.ts'

/** What a connection is built on. */
export interface ConnectionOfOptions {
  readonly session: Session
  readonly request: Requester
  /** Ends the connection and all that belongs to it. Called once. */
  readonly close: () => Promise<void>
}

/** Builds a connection on the connected client of an SDK. */
export function connectionOf(options: ConnectionOfOptions): Connection {
  const { session, close } = options
  const subscribed = new Set<string>()
  let closing: Promise<void> | undefined

  /** A client that was closed may answer from what it remembers. */
  const request: Requester = (signal, send) => {
    if (closing === undefined || signal.aborted) return options.request(signal, send)
    const message = 'The connection was closed.'
    return Promise.reject(new ConnectionError('closed', message, { isSafeToRepeat: true }))
  }

  /** Asks to hear of changes, once for each resource; a server that will not tell is no failure. */
  function subscribe(uri: string): void {
    if (session.subscribe === undefined || subscribed.has(uri)) return
    if (subscribed.size >= maxSubscriptions) return
    subscribed.add(uri)
    session.subscribe(uri).catch(() => undefined)
  }

  return {
    listResources: async (signal, hooks) => {
      if (!session.hasResources) return []
      const note = noteTtl(hooks)
      return readPages(async (cursor) => {
        const page = await request(signal, (options) => session.listResources(cursor, options))
        note(page.ttlMs)
        const items = page.items.map(({ uri, name, mimeType, description }) => ({
          uri,
          name,
          mimeType,
          description,
        }))
        return { items, nextCursor: page.nextCursor }
      })
    },
    readResource: async (uri, signal, hooks) => {
      const read = await request(signal, (options) => session.readResource(uri, options))
      noteTtl(hooks)(read.ttlMs)
      if (hooks?.onCacheHint !== undefined) subscribe(uri)
      return read.contents.map(contentOf)
    },
    listTools: async (signal, hooks) => {
      if (!session.hasTools) return []
      const note = noteTtl(hooks)
      return readPages(async (cursor) => {
        const page = await request(signal, (options) => session.listTools(cursor, options))
        note(page.ttlMs)
        return { items: page.items.map(toolOf), nextCursor: page.nextCursor }
      })
    },
    callTool: async (name, input, signal, hooks) => {
      const onprogress = hooks?.onProgress
      const result = await request(signal, (options) =>
        session.callTool(
          name,
          input,
          onprogress === undefined
            ? options
            : {
                ...options,
                onprogress: ({ progress, total, message }) =>
                  onprogress({ progress, total, message }),
              },
        ),
      )
      return resultOf(result)
    },
    close: () => (closing ??= close()),
  }
}

/** Passes on the shortest time that a page of an answer holds. */
function noteTtl(hooks: RequestHooks | undefined): (ttlMs: unknown) => void {
  let shortest = Number.POSITIVE_INFINITY
  return (ttlMs) => {
    if (typeof ttlMs !== 'number' || !Number.isFinite(ttlMs)) return
    shortest = Math.min(shortest, Math.max(0, ttlMs))
    hooks?.onCacheHint?.({ ttlMs: shortest })
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
