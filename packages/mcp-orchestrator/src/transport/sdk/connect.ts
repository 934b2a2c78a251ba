import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  ElicitRequestSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Connection } from '../../upstream/connection.ts'
import { connectionOf } from '../session/connection-of.ts'
import { elicitResultOf, elicitationOf } from '../session/elicit.ts'
import { LineErrors } from '../session/line-errors.ts'
import type { OpenLine } from '../session/open-line.ts'
import { createRequester } from '../session/requester.ts'
import { readFault } from './fault.ts'
import { SdkSession } from './session.ts'

/** Opens a connection with the client of `@modelcontextprotocol/sdk`. */
export async function connectSdk(
  line: OpenLine<Transport>,
  signal: AbortSignal,
): Promise<Connection> {
  const { transport, leave, authorize, onNotice, elicit } = line
  const errors = new LineErrors(line, readFault)
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
  client.onclose = () => errors.end()
  client.setNotificationHandler(ToolListChangedNotificationSchema, () =>
    onNotice?.({ type: 'tools-changed' }),
  )
  client.setNotificationHandler(ResourceListChangedNotificationSchema, () =>
    onNotice?.({ type: 'resources-changed' }),
  )
  client.setNotificationHandler(ResourceUpdatedNotificationSchema, ({ params }) =>
    onNotice?.({ type: 'resource-updated', uri: params.uri }),
  )
  try {
    const dial = createRequester(errors)
    await dial(signal, (options) => client.connect(transport, options))
  } catch (error) {
    await transport.close().catch(() => undefined)
    throw error
  }
  errors.isConnected = true
  return connectionOf({
    session: new SdkSession(client),
    request: createRequester(errors, authorize),
    close: async () => {
      await leave?.().catch(() => undefined)
      // The client forgets a transport that closed by itself; it may still have to be cleaned up.
      await client.close().catch(() => undefined)
      await transport.close().catch(() => undefined)
    },
  })
}
