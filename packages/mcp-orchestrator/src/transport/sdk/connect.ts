import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  CallToolResultSchema,
  ElicitRequestSchema,
  ListResourcesResultSchema,
  ListToolsResultSchema,
  ReadResourceResultSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import { ConnectionError } from '../../errors/connection-error.ts'
import type { Connection } from '../../upstream/connection.ts'
import { classify } from '../session/classify.ts'
import { connectionOf } from '../session/connection-of.ts'
import { elicitResultOf, elicitationOf } from '../session/elicit.ts'
import type { OpenLine } from '../session/open-line.ts'
import { createRequester } from '../session/requester.ts'
import type { Session } from '../session/session.ts'
import { readFault } from './fault.ts'

/** Opens a connection with the client of `@modelcontextprotocol/sdk`. */
export async function connectSdk(
  line: OpenLine<Transport>,
  signal: AbortSignal,
): Promise<Connection> {
  const { transport, secrets, failure, leave, authorize, onNotice, isSession = false } = line
  const { elicit } = line
  const client = new Client(
    { name: 't2t-mcp-orchestrator', version: '0.0.0' },
    elicit === undefined
      ? {}
      : { capabilities: { elicitation: { form: { applyDefaults: true } } } },
  )
  if (elicit !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) =>
      elicitResultOf(await elicit(elicitationOf(params))),
    )
  }
  let isClosed = false
  let isConnected = false
  client.onclose = () => {
    isClosed = true
    const error = failure?.() ?? new ConnectionError('closed', 'The connection ended.')
    onNotice?.({ type: 'closed', error })
  }
  client.setNotificationHandler(ToolListChangedNotificationSchema, () =>
    onNotice?.({ type: 'tools-changed' }),
  )
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () =>
    onNotice?.({ type: 'resources-changed' }),
  )
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    onNotice?.({ type: 'resource-updated', uri: params.uri }),
  )
  const toError = (error: unknown): ConnectionError => {
    const hadSession = (isSession && isConnected) || transport.sessionId !== undefined
    const known = classify(error, { readFault, secrets, isClosed, hadSession })
    const ended = failure?.()
    if (known.kind !== 'closed' || ended === undefined) return known
    const { isSafeToRepeat } = known
    // What was never sent is not the request that ended the connection.
    const kind = isSafeToRepeat ? 'closed' : ended.kind
    return new ConnectionError(kind, ended.message, { cause: known, isSafeToRepeat })
  }
  try {
    const dial = createRequester(toError)
    await dial(signal, (options) => client.connect(transport, options))
  } catch (error) {
    await transport.close().catch(() => undefined)
    throw error
  }
  isConnected = true
  return connectionOf({
    session: sessionOf(client),
    request: createRequester(toError, authorize),
    close: async () => {
      await leave?.().catch(() => undefined)
      // The client forgets a transport that closed by itself; it may still have to be cleaned up.
      await client.close().catch(() => undefined)
      await transport.close().catch(() => undefined)
    },
  })
}

function sessionOf(client: Client): Session {
  const { resources, tools } = client.getServerCapabilities() ?? {}
  return {
    hasResources: resources !== undefined,
    hasTools: tools !== undefined,
    listResources: async (cursor, options) => {
      const page = await client.request(
        { method: 'resources/list', params: { cursor } },
        ListResourcesResultSchema,
        options,
      )
      return { items: page.resources, nextCursor: page.nextCursor, ttlMs: page['ttlMs'] }
    },
    readResource: async (uri, options) => {
      const read = await client.request(
        { method: 'resources/read', params: { uri } },
        ReadResourceResultSchema,
        options,
      )
      return { contents: read.contents, ttlMs: read['ttlMs'] }
    },
    listTools: async (cursor, options) => {
      const page = await client.request(
        { method: 'tools/list', params: { cursor } },
        ListToolsResultSchema,
        options,
      )
      return { items: page.tools, nextCursor: page.nextCursor, ttlMs: page['ttlMs'] }
    },
    callTool: (name, input, options) =>
      client.request(
        { method: 'tools/call', params: { name, arguments: { ...input } } },
        CallToolResultSchema,
        options,
      ),
    subscribe:
      resources?.subscribe === true ? (uri) => client.subscribeResource({ uri }) : undefined,
  }
}
