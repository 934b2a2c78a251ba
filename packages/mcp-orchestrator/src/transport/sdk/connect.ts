import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import {
  ElicitRequestSchema,
  ResourceListChangedNotificationSchema,
  ResourceUpdatedNotificationSchema,
  ToolListChangedNotificationSchema,
} from '@modelcontextprotocol/sdk/types.js'
import type { Connection } from '../../upstream/connection.ts'
import { elicitResultOf, elicitationOf } from '../session/elicit.ts'
import { clientInfo, clientOptionsOf, openConnection } from '../session/open-connection.ts'
import type { OpenLine } from '../session/open-line.ts'
import { readFault } from './fault.ts'
import { SdkSession } from './session.ts'

/** Opens a connection with the client of `@modelcontextprotocol/sdk`. */
export function connectSdk(line: OpenLine<Transport>, signal: AbortSignal): Promise<Connection> {
  const { onNotice, elicit } = line
  const client = new Client(clientInfo, clientOptionsOf(line))
  if (elicit !== undefined) {
    client.setRequestHandler(ElicitRequestSchema, async ({ params }) =>
      elicitResultOf(await elicit(elicitationOf(params))),
    )
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
  const createSession = () => new SdkSession(client)
  return openConnection(line, { client, readFault, createSession }, signal)
}
