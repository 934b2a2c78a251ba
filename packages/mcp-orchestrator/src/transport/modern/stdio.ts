import type { Connector } from '../../upstream/connection.ts'
import { processConnector, type StdioOptions } from '../process/process-connector.ts'
import { connectModern } from './connect.ts'
import type { ProtocolOption } from './protocol.ts'

/** Options for {@link stdio}. */
export interface ModernStdioOptions extends StdioOptions, ProtocolOption {}

/**
 * Creates a connector that starts a server as a process and talks to it over its standard streams,
 * in the old protocol or the new.
 *
 * With `auto`, a server of the old protocol that ignores what it does not know costs two seconds
 * more; one that ends then needs `legacy`.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function stdio(options: ModernStdioOptions): Connector {
  const { protocol = 'auto' } = options
  return processConnector(options, (line, signal) => connectModern(line, protocol, signal))
}
