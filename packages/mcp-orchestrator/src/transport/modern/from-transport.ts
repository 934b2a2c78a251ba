import type { Transport } from '@modelcontextprotocol/client'
import type { Connector } from '../../upstream/connection.ts'
import type { ElicitOption } from '../session/elicit.ts'
import { connectModern } from './connect.ts'
import { fallingBack } from './falling-back.ts'
import type { ProtocolOption } from './protocol.ts'

/** Options for {@link fromTransport}. */
export interface FromTransportOptions extends ProtocolOption, ElicitOption {
  /**
   * How the server is reached, without secrets.
   * @defaultValue 'transport'
   */
  readonly description?: string | undefined
}

/**
 * Creates a connector from a function that makes a transport of `@modelcontextprotocol/client` or
 * `@modelcontextprotocol/sdk`, such as one in memory.
 *
 * The function is called once for each connection, and once more for a server that is asked which
 * protocol it speaks and does not answer. It must give a transport that was not started.
 * Limits on the size of messages are the transport's own matter.
 */
export function fromTransport(
  createTransport: () => Transport | Promise<Transport>,
  options: FromTransportOptions = {},
): Connector {
  const { description = 'transport', protocol = 'auto', elicit } = options
  return fallingBack(protocol, (spoken) => ({
    description,
    connect: async (signal, onNotice) => {
      const transport = await createTransport()
      const line = { transport, secrets: [], onNotice, elicit }
      return connectModern(line, { protocol: spoken }, signal)
    },
  }))
}
