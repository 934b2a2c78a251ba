import { serveStdio } from '@modelcontextprotocol/server/stdio'
import { createDatabaseMcpServer, type DatabaseMcpServerOptions } from './server.ts'

/** A server on the standard streams of this process. */
export interface DatabaseMcpStdioServer {
  /** Ends the connection; the databases stay open. */
  close(): Promise<void>
}

/**
 * Serves databases over the standard streams of this process, for clients of all specification
 * versions. Nothing else may write to standard output.
 *
 * @throws {@link OptionInvalidError} when there is no database, or a name occurs twice.
 */
export function serveDatabaseMcpOverStdio(
  options: DatabaseMcpServerOptions,
): DatabaseMcpStdioServer {
  return serveStdio(() => createDatabaseMcpServer(options))
}
