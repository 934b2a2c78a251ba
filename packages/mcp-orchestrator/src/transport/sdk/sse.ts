import type { OAuthClientProvider } from '@modelcontextprotocol/sdk/client/auth.js'
import { SSEClientTransport } from '@modelcontextprotocol/sdk/client/sse.js'
import type { Connector } from '../../upstream/connection.ts'
import { webConnector, type WebOptions } from '../web/web-connector.ts'
import { connectSdk } from './connect.ts'
import { isUnauthorized } from './fault.ts'

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
  return webConnector<SSEClientTransport, OAuthClientProvider>(options, {
    kind: 'sse',
    livesOnStream: true,
    createTransport: (url, init) => new SSEClientTransport(url, init),
    finishAuth: (transport, callback) => transport.finishAuth(callback.get('code') ?? ''),
    connect: connectSdk,
    isUnauthorized,
  })
}
