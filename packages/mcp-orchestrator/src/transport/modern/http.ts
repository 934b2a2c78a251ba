import {
  StreamableHTTPClientTransport,
  type OAuthClientProvider,
} from '@modelcontextprotocol/client'
import type { Connector } from '../../upstream/connection.ts'
import { endSession } from '../web/end-session.ts'
import { webConnector, type WebOptions } from '../web/web-connector.ts'
import { connectModern } from './connect.ts'
import { fallingBack } from './falling-back.ts'
import { isUnauthorized } from './fault.ts'
import type { Protocol, ProtocolOption } from './protocol.ts'

/** Options for {@link http}. */
export interface HttpOptions extends WebOptions<OAuthClientProvider>, ProtocolOption {}

/**
 * Creates a connector that talks to a server over streamable HTTP, in the old protocol or the new.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function http(options: HttpOptions): Connector {
  return fallingBack(options.protocol ?? 'auto', (protocol) => httpIn(protocol, options))
}

function httpIn(protocol: Protocol, options: HttpOptions): Connector {
  return webConnector<StreamableHTTPClientTransport, OAuthClientProvider>(options, {
    kind: 'http',
    livesOnStream: false,
    createTransport: (url, init) => new StreamableHTTPClientTransport(url, init),
    finishAuth: (transport, callback) => transport.finishAuth(callback),
    leave: endSession,
    connect: (line, signal) => connectModern(line, { protocol }, signal),
    isUnauthorized,
  })
}
