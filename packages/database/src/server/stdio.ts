import { serveStdio, type McpStdioServer } from '@t2t/mcp-orchestrator/server'
import { createDatabaseMcpServer, type DatabaseMcpServerOptions } from './server.ts'

/** A server on the standard streams of this process; the databases stay open when it closes. */
export interface DatabaseMcpStdioServer extends McpStdioServer {}

/**
 * Serves databases over the standard streams of this process, for clients of all specification
 * versions. Nothing else may write to standard output.
 *
 * @throws {@link OptionInvalidError} when there is no database, or a name occurs twice.
 */
export function serveDatabaseMcpOverStdio(
  options: DatabaseMcpServerOptions,
): DatabaseMcpStdioServer {
  // Fails now, not at the first request.
  void createDatabaseMcpServer(options).close()
  return serveStdio(() => createDatabaseMcpServer(options))
}
