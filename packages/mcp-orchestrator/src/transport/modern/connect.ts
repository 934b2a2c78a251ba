import { Client, type Transport } from '@modelcontextprotocol/client'
import { ConnectionError } from '../../errors/connection-error.ts'
import type { Connection, ConnectionNotice } from '../../upstream/connection.ts'
import { classify } from '../session/classify.ts'
import { connectionOf } from '../session/connection-of.ts'
import { elicitResultOf, elicitationOf } from '../session/elicit.ts'
import type { OpenLine } from '../session/open-line.ts'
import { createRequester } from '../session/requester.ts'
import type { Session } from '../session/session.ts'
import { readFault } from './fault.ts'
import type { Protocol } from './protocol.ts'

/** How long a server may be silent before it is taken for one of the old protocol, in milliseconds. */
const probeTimeoutMs = 2_000

/** Opens a connection with the client of `@modelcontextprotocol/client`. */
export async function connectModern(
  line: OpenLine<Transport>,
  protocol: Protocol,
  signal: AbortSignal,
): Promise<Connection> {
  const { transport, secrets, failure, leave, authorize, onNotice, isSession = false } = line
  const { elicit } = line
  const client = new Client(
    { name: 't2t-mcp-orchestrator', version: '0.0.0' },
    {
      ...(elicit === undefined
        ? {}
        : { capabilities: { elicitation: { form: { applyDefaults: true } } } }),
      versionNegotiation: {
        mode: protocol === 'modern' ? { pin: '2026-07-28' } : protocol,
        probe: { timeoutMs: probeTimeoutMs },
      },
    },
  )
  if (elicit !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }) =>
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
  if (onNotice !== undefined) hear(client, onNotice)
  return connectionOf({
    session: sessionOf(client),
    request: createRequester(toError, authorize),
    close: async () => {
      await leave?.().catch(() => undefined)
      await client.close().catch(() => undefined)
      await transport.close().catch(() => undefined)
    },
  })
}

/** Passes on what the server tells; a server of the new protocol has to be asked to tell. */
function hear(client: Client, onNotice: (notice: ConnectionNotice) => void): void {
  client.setNotificationHandler('notifications/tools/list_changed', () =>
    onNotice({ type: 'tools-changed' }),
  )
  client.setNotificationHandler('notifications/resources/list_changed', () =>
    onNotice({ type: 'resources-changed' }),
  )
  client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
    onNotice({ type: 'resource-updated', uri: params.uri }),
  )
  if (client.getProtocolEra() !== 'modern') return
  const { tools, resources } = client.getServerCapabilities() ?? {}
  const filter = {
    ...(tools?.listChanged === true ? { toolsListChanged: true } : {}),
    ...(resources?.listChanged === true ? { resourcesListChanged: true } : {}),
  }
  if (Object.keys(filter).length === 0) return
  client.listen(filter).then(
    async ({ closed }) => {
      if ((await closed) === 'local') return
      // Nobody tells of changes any more: what was told before may be old.
      onNotice({ type: 'tools-changed' })
      onNotice({ type: 'resources-changed' })
    },
    () => undefined,
  )
}

function sessionOf(client: Client): Session {
  const { resources, tools } = client.getServerCapabilities() ?? {}
  const isLegacy = client.getProtocolEra() !== 'modern'
  return {
    hasResources: resources !== undefined,
    hasTools: tools !== undefined,
    listResources: async (cursor, options) => {
      const page = await client.request(
        { method: 'resources/list', params: cursor === undefined ? {} : { cursor } },
        options,
      )
      return { items: page.resources, nextCursor: page.nextCursor, ttlMs: page['ttlMs'] }
    },
    readResource: async (uri, options) => {
      const read = await client.readResource({ uri }, { ...options, cacheMode: 'bypass' })
      return { contents: read.contents, ttlMs: read['ttlMs'] }
    },
    // The client walks the pages itself: it keeps the tools, to know which input goes into headers.
    listTools: async (_cursor, options) => {
      const all = await client.listTools({}, { ...options, cacheMode: 'refresh' })
      return { items: all.tools, ttlMs: all['ttlMs'] }
    },
    callTool: (name, input, options) => client.callTool({ name, arguments: { ...input } }, options),
    subscribe:
      isLegacy && resources?.subscribe === true
        ? (uri) => client.subscribeResource({ uri })
        : undefined,
  }
}
