import type { Connector } from '../../upstream/connection.ts'
import { processConnector, type StdioOptions } from '../process/process-connector.ts'
import { connectSdk } from './connect.ts'

/**
 * Creates a connector that starts a server as a process and talks to it over its standard streams.
 *
 * Every connection has a process of its own, which ends with it.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 */
export function stdio(options: StdioOptions): Connector {
  return processConnector(options, connectSdk)
}
