import {
  SSEClientTransport,
  UnauthorizedError,
  type OAuthClientProvider,
} from '@modelcontextprotocol/client'
import type { Connector } from '../../upstream/connection.ts'
import { webConnector, type WebOptions } from '../web/web-connector.ts'
import { connectModern } from './connect.ts'

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
      return { transport, finishAuth: (callback) => transport.finishAuth(callback) }
    },
    // The new protocol does not have this transport.
    connect: (line, signal) => connectModern(line, { protocol: 'legacy' }, signal),
    isUnauthorized: (error) => error instanceof UnauthorizedError,
  })
}
