import type { Connector } from '../../upstream/connection.ts'
import { processConnector, type StdioOptions } from '../process/process-connector.ts'
import { connectModern } from './connect.ts'
import { fallingBack } from './falling-back.ts'
import type { ProtocolOption } from './protocol.ts'

/** Options for {@link stdio}. */
export interface ModernStdioOptions extends StdioOptions, ProtocolOption {}

/** The time that a process takes to start counts too. */
const probeTimeoutMs = 5_000

/**
 * Creates a connector that starts a server as a process and talks to it over its standard streams,
 * in the old protocol or the new.
 *
 * With `auto`, a server of the old protocol that ignores what it does not know costs five
 * seconds more, and one that ends then is started a second time; both only the first time.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function stdio(options: ModernStdioOptions): Connector {
  return fallingBack(options.protocol ?? 'auto', (protocol) =>
    processConnector(options, (line, signal) =>
      connectModern(line, { protocol, probeTimeoutMs }, signal),
    ),
  )
}
