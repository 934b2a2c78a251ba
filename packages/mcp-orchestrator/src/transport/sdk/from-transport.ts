import type { Transport } from '@modelcontextprotocol/sdk/shared/transport.js'
import type { Connector } from '../../upstream/connection.ts'
import type { ElicitOption } from '../session/elicit.ts'
import { connectSdk } from './connect.ts'

/** Options for {@link fromTransport}. */
export interface FromTransportOptions extends ElicitOption {
  /**
   * How the server is reached, without secrets.
   * @defaultValue 'transport'
   */
  readonly description?: string | undefined
}

/**
 * Creates a connector from a function that makes a transport of `@modelcontextprotocol/sdk` or
 * `@modelcontextprotocol/client`, such as one in memory.
 *
 * The function is called once for each connection and must give a transport that was not started.
 * Limits on the size of messages are the transport's own matter.
 */
export function fromTransport(
  createTransport: () => Transport | Promise<Transport>,
  options: FromTransportOptions = {},
): Connector {
  return {
    description: options.description ?? 'transport',
    connect: async (signal, onNotice) =>
      connectSdk(
        { transport: await createTransport(), secrets: [], onNotice, elicit: options.elicit },
        signal,
      ),
  }
}
