import {
  UnauthorizedError,
  type OAuthClientProvider,
} from '@modelcontextprotocol/sdk/client/auth.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import type { Connector } from '../../upstream/connection.ts'
import { endSession } from '../web/end-session.ts'
import { webConnector, type WebOptions } from '../web/web-connector.ts'
import { connectSdk } from './connect.ts'

/** Options for {@link http}. */
export interface HttpOptions extends WebOptions<OAuthClientProvider> {}

/**
 * Creates a connector that talks to a server over streamable HTTP.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function http(options: HttpOptions): Connector {
  return webConnector(options, {
    kind: 'http',
    livesOnStream: false,
    open: ({ url, requestInit, fetch, provider }) => {
      const transport = new StreamableHTTPClientTransport(url, {
        requestInit,
        fetch,
        ...(provider === undefined ? {} : { authProvider: provider }),
      })
      return {
        transport,
        finishAuth: (callback) => transport.finishAuth(callback.get('code') ?? ''),
        leave: () => endSession(transport),
      }
    },
    connect: connectSdk,
    isUnauthorized: (error) => error instanceof UnauthorizedError,
  })
}
