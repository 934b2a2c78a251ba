import { Client, type Transport } from '@modelcontextprotocol/client'
import type { Connection, ConnectionNotice } from '../../upstream/connection.ts'
import { elicitResultOf, elicitationOf } from '../session/elicit.ts'
import { withMeta } from '../session/meta.ts'
import { clientInfo, clientOptionsOf, openConnection } from '../session/open-connection.ts'
import type { OpenLine } from '../session/open-line.ts'
import type { Session } from '../session/session.ts'
import { readFault } from './fault.ts'
import type { Protocol } from './protocol.ts'
import { Watch } from './watch.ts'

/** How a connection is opened. */
export interface ModernOptions {
  readonly protocol: Protocol
  /**
   * How long a server may be silent before it is taken for one of the old protocol, in milliseconds;
   * for `auto`.
   * @defaultValue 2000
   */
  readonly probeTimeoutMs?: number | undefined
}

/** As long as the deadline of whoever connects allows. */
const noTimeoutMs = 2_147_483_647

/** Opens a connection with the client of `@modelcontextprotocol/client`. */
export function connectModern(
  line: OpenLine<Transport>,
  { protocol, probeTimeoutMs = 2_000 }: ModernOptions,
  signal: AbortSignal,
): Promise<Connection> {
  const { onNotice, elicit } = line
  const client = new Client(clientInfo, {
    ...clientOptionsOf(line),
    versionNegotiation: {
      mode: protocol === 'modern' ? { pin: '2026-07-28' } : protocol,
      probe: { timeoutMs: protocol === 'auto' ? probeTimeoutMs : noTimeoutMs },
    },
  })
  if (elicit !== undefined) {
    client.setRequestHandler('elicitation/create', async ({ params }) =>
      elicitResultOf(await elicit(elicitationOf(params))),
    )
  }
  const createSession = () =>
    sessionOf(client, onNotice === undefined ? undefined : hear(client, onNotice))
  return openConnection(line, { client, readFault, createSession }, signal)
}

/** Passes on what the server tells; a server of the new protocol has to be asked to tell. */
function hear(client: Client, onNotice: (notice: ConnectionNotice) => void): Watch | undefined {
  client.setNotificationHandler('notifications/tools/list_changed', () =>
    onNotice({ type: 'tools-changed' }),
  )
  client.setNotificationHandler('notifications/resources/list_changed', () =>
    onNotice({ type: 'resources-changed' }),
  )
  client.setNotificationHandler('notifications/resources/updated', ({ params }) =>
    onNotice({ type: 'resource-updated', uri: params.uri }),
  )
  return client.getProtocolEra() === 'modern' ? new Watch(client, onNotice) : undefined
}

function sessionOf(client: Client, watch: Watch | undefined): Session {
  const { resources, tools } = client.getServerCapabilities() ?? {}
  return {
    hasResources: resources !== undefined,
    hasTools: tools !== undefined,
    listResources: async (cursor, options, meta) => {
      watch?.keep()
      const page = await client.request(
        {
          method: 'resources/list',
          params: withMeta(cursor === undefined ? {} : { cursor }, meta),
        },
        options,
      )
      return { items: page.resources, nextCursor: page.nextCursor, ttlMs: page['ttlMs'] }
    },
    readResource: async (uri, options, meta) => {
      const read = await client.readResource(withMeta({ uri }, meta), {
        ...options,
        cacheMode: 'bypass',
      })
      return { contents: read.contents, ttlMs: read['ttlMs'] }
    },
    // The client walks the pages itself: it keeps the tools, to know which input goes into headers.
    listTools: async (_cursor, options, meta) => {
      watch?.keep()
      const all = await client.listTools(withMeta({}, meta), { ...options, cacheMode: 'refresh' })
      return { items: all.tools, ttlMs: all['ttlMs'] }
    },
    callTool: (name, input, options, meta) =>
      client.callTool(withMeta({ name, arguments: { ...input } }, meta), options),
    subscribe: subscriberOf(client, watch),
  }
}

/** How changes of one resource are asked for; `undefined` when the server does not tell of them. */
function subscriberOf(client: Client, watch: Watch | undefined): Session['subscribe'] {
  if (watch !== undefined) return watch.watchesResources ? (uri) => watch.add(uri) : undefined
  const isOffered = client.getServerCapabilities()?.resources?.subscribe === true
  if (!isOffered || client.getProtocolEra() === 'modern') return undefined
  return (uri) => void client.subscribeResource({ uri }).catch(() => undefined)
}
