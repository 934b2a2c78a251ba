import { McpServer } from '@modelcontextprotocol/server'
import type { Database } from '../databases/database.ts'
import { addBusinessResources, type BusinessMetadata } from './business.ts'
import { addCatalogResources } from './catalog-resource.ts'
import { addExplainTool } from './explain-tool.ts'
import { addQueryTool } from './query-tool.ts'
import { addSchemaTools } from './schema-tools.ts'
import { serving } from './served.ts'

/** Options for {@link createDatabaseMcpServer}. */
export interface DatabaseMcpServerOptions {
  /**
   * At least one, with different names: an array, or what `createDatabases` gives. A server over
   * HTTP looks again at every request. The server never closes them.
   */
  readonly databases: Iterable<Database>
  /**
   * What people know, by the name of the database; `readBusinessMetadata` reads it from a file.
   * @defaultValue nothing
   */
  readonly business?: Readonly<Record<string, BusinessMetadata>> | undefined
  /**
   * What the server calls itself.
   * @defaultValue `'t2t-database'`
   */
  readonly name?: string | undefined
  /** @defaultValue `'0.0.0'` */
  readonly version?: string | undefined
}

/**
 * Creates one MCP server over databases, not yet connected to a transport.
 *
 * Tools: `query`, `search_schema`, `list_databases`, and `explain` where a policy permits plans.
 * Resources: `db://<name>/catalog`, and `db://<name>/business` where it is given. All of them
 * work through the given `Database` objects and see nothing else. What the guard refuses and what
 * fails in an engine comes back as an `isError` result that says why.
 *
 * @throws {@link OptionInvalidError} when there is no database, or a name occurs twice.
 */
export function createDatabaseMcpServer(options: DatabaseMcpServerOptions): McpServer {
  const { name = 't2t-database', version = '0.0.0' } = options
  const served = serving(options.databases)
  const server = new McpServer({ name, version })
  addQueryTool(server, served)
  addSchemaTools(server, served)
  addExplainTool(server, served)
  addCatalogResources(server, served)
  addBusinessResources(server, served, options.business ?? {})
  return server
}
