import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Connector } from '../../upstream/connection.ts'
import { endSession } from '../web/end-session.ts'
import { webConnector, type WebOptions } from '../web/web-connector.ts'
import { connectSdk } from './connect.ts'
import { isUnauthorized } from './fault.ts'

/** Options for {@link http}. */
export interface HttpOptions extends WebOptions<OAuthClientProvider> {}

/**
 * Creates a connector that talks to a server over streamable HTTP.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function http(options: HttpOptions): Connector {
  return webConnector<StreamableHTTPClientTransport, OAuthClientProvider>(options, {
    kind: 'http',
    livesOnStream: false,
    createTransport: (url, init) => new StreamableHTTPClientTransport(url, init),
    finishAuth: (transport, callback) => transport.finishAuth(callback.get('code') ?? ''),
    leave: endSession,
    connect: connectSdk,
    isUnauthorized,
  })
}
