import {
  UnauthorizedError,
  type OAuthClientProvider,
} from '@modelcontextprotocol/sdk/client/auth.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import type { Connector } from '../../upstream/connection.ts'
import { webConnector, type WebOptions } from '../web/web-connector.ts'
import { connectSdk } from './connect.ts'

/** Options for {@link sse}. */
export interface SseOptions extends WebOptions<OAuthClientProvider> {}

/**
 * Creates a connector to a server that still speaks HTTP with server-sent events, the transport of
 * 2024-11-05.
 *
 * @deprecated The protocol has replaced this transport by streamable HTTP: use `http` wherever the
 * server offers it.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function sse(options: SseOptions): Connector {
  return webConnector(options, {
    kind: 'sse',
    livesOnStream: true,
    open: ({ url, requestInit, fetch, provider }) => {
      const transport = new SSEClientTransport(url, {
        requestInit,
        fetch,
        ...(provider === undefined ? {} : { authProvider: provider }),
      })
      return {
        transport,
        finishAuth: (callback) => transport.finishAuth(callback.get('code') ?? ''),
      }
    },
    connect: connectSdk,
    isUnauthorized: (error) => error instanceof UnauthorizedError,
  })
}
