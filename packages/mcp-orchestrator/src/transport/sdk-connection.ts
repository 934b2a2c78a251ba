import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CallToolResultSchema,
  ListResourcesResultSchema,
  ListToolsResultSchema,
  ReadResourceResultSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { link, settleWith } from '../clock/deadline.ts'
import { ConnectionError } from '../errors/connection-error.ts'
import type { Connection, ResourceContent, ToolResult } from '../upstream/connection.ts'
import { classify } from './classify.ts'
import { readPages } from './pages.ts'

/** No limit of the SDK's own: every request ends by its signal. */
const sdkTimeoutMs = 2_147_483_647

/** What differs between transports. */
export interface SdkTransport {
  readonly transport: Transport
  /** Texts that must not appear in messages. */
  readonly secrets: readonly string[]
  /** Why the connection ended by itself, once it did. */
  readonly failure?: () => ConnectionError | undefined
  /** Says goodbye to the server, before the transport is closed. */
  readonly leave?: () => Promise<void>
}

/** Opens a connection with the client of `@modelcontextprotocol/sdk`. */
export async function connectSdk(
  { transport, secrets, failure, leave }: SdkTransport,
  signal: AbortSignal,
): Promise<Connection> {
  const client = new Client({ name: 't2t-mcp-orchestrator', version: '0.0.0' })
  let isClosed = false
  client.onclose = () => {
    isClosed = true
  }
  const request = createRequester((error) => {
    const hadSession = transport.sessionId !== undefined
    const known = classify(error, { secrets, isClosed, hadSession })
    const ended = failure?.()
    if (known.kind !== 'closed' || ended === undefined) return known
    const { isSafeToRepeat } = known
    // What was never sent is not the request that ended the connection.
    const kind = isSafeToRepeat ? 'closed' : ended.kind
    return new ConnectionError(kind, ended.message, { cause: known, isSafeToRepeat })
  })
  try {
    await request(signal, (options) => client.connect(transport, options))
  } catch (error) {
    await transport.close().catch(() => undefined)
    throw error
  }

  let closing: Promise<void> | undefined
  const close = async (): Promise<void> => {
    await leave?.().catch(() => undefined)
    // The client forgets a transport that closed by itself; it may still have to be cleaned up.
    await client.close().catch(() => undefined)
    await transport.close().catch(() => undefined)
  }

  return {
    listResources: async (own) => {
      if (client.getServerCapabilities()?.resources === undefined) return []
      return readPages(async (cursor) => {
        const { resources, nextCursor } = await request(own, (options) =>
          client.request(
            { method: 'resources/list', params: { cursor } },
            ListResourcesResultSchema,
            options,
          ),
        )
        const items = resources.map(({ uri, name, mimeType, description }) => ({
          uri,
          name,
          mimeType,
          description,
        }))
        return { items, nextCursor }
      })
    },
    readResource: async (uri, own) => {
      const { contents } = await request(own, (options) =>
        client.request(
          { method: 'resources/read', params: { uri } },
          ReadResourceResultSchema,
          options,
        ),
      )
      return contents.map((content): ResourceContent => ({
        uri: content.uri,
        mimeType: content.mimeType,
        text: 'text' in content ? content.text : undefined,
        blob: 'blob' in content ? content.blob : undefined,
      }))
    },
    listTools: async (own) => {
      if (client.getServerCapabilities()?.tools === undefined) return []
      return readPages(async (cursor) => {
        const { tools, nextCursor } = await request(own, (options) =>
          client.request(
            { method: 'tools/list', params: { cursor } },
            ListToolsResultSchema,
            options,
          ),
        )
        const items = tools.map(({ name, description, inputSchema }) => ({
          name,
          description,
          inputSchema,
        }))
        return { items, nextCursor }
      })
    },
    callTool: async (name, input, own) => {
      const result = await request(own, (options) =>
        client.request(
          { method: 'tools/call', params: { name, arguments: { ...input } } },
          CallToolResultSchema,
          options,
        ),
      )
      const texts = result.content.flatMap((part) => (part.type === 'text' ? [part.text] : []))
      const outcome: ToolResult = {
        isError: result.isError === true,
        text: texts.join('\n'),
        structured: result.structuredContent,
      }
      return outcome
    },
    close: () => (closing ??= close()),
  }
}

/** How the SDK is told when to stop. */
interface SdkRequestOptions {
  readonly signal: AbortSignal
  readonly timeout: number
}

/**
 * Gives every request a signal of its own: the SDK never stops listening to the one it is given,
 * and would cancel requests that were answered long ago.
 */
function createRequester(toError: (error: unknown) => ConnectionError) {
  return async <Value>(
    signal: AbortSignal,
    send: (options: SdkRequestOptions) => Promise<Value>,
  ): Promise<Value> => {
    signal.throwIfAborted()
    const controller = new AbortController()
    const unlink = link(signal, controller)
    try {
      return await settleWith(signal, () =>
        send({ signal: controller.signal, timeout: sdkTimeoutMs }),
      )
    } catch (error) {
      signal.throwIfAborted()
      throw toError(error)
    } finally {
      unlink()
    }
  }
}
