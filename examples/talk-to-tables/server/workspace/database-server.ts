import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import type { Database } from '@t2t/database'
import {
  createDatabaseMcpServer,
  serveDatabaseMcpOverHttp,
  type DatabaseMcpServerOptions,
} from '@t2t/database/mcp'
import type { Connector } from '@t2t/mcp-orchestrator'
import { fromTransport, http } from '@t2t/mcp-orchestrator/modern'

/** How the orchestrator of a workspace reaches one of its databases. */
export interface DatabaseServer {
  readonly connector: Connector
  /** Where it listens; absent for one in memory. */
  readonly url?: string | undefined
  close(): Promise<void>
}

/** An MCP server over one database that nobody but this process can reach. */
export function databaseInMemory(
  database: Database,
  business: DatabaseMcpServerOptions['business'],
): DatabaseServer {
  const open = new Set<{ close(): Promise<void> }>()
  const connector = fromTransport(
    async () => {
      const [ours, theirs] = InMemoryTransport.createLinkedPair()
      const server = createDatabaseMcpServer({ databases: [database], business })
      open.add(server)
      server.server.onclose = () => open.delete(server)
      await server.connect(theirs)
      return ours
    },
    { description: `memory: ${database.name}` },
  )
  return {
    connector,
    close: async () => void (await Promise.all([...open].map((server) => server.close()))),
  }
}

/** The same on a port of loopback, as a server of its own would be. */
export async function databaseOverHttp(
  database: Database,
  business: DatabaseMcpServerOptions['business'],
): Promise<DatabaseServer> {
  const server = await serveDatabaseMcpOverHttp({ databases: [database], business })
  // The protocol of 2026-07-28 ends a query as soon as its caller is gone; older ones do not over HTTP.
  return { connector: http({ url: server.url }), url: server.url, close: () => server.close() }
}
