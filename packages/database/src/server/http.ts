import { isLoopback, serveHttp, type ServeHttpOptions } from '@t2t/mcp-orchestrator/server'
import type { Database } from '../databases/database.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { createDatabaseMcpServer, type DatabaseMcpServerOptions } from './server.ts'

/** Options for {@link serveDatabaseMcpOverHttp}. */
export interface DatabaseMcpHttpOptions
  extends
    DatabaseMcpServerOptions,
    Pick<ServeHttpOptions, 'port' | 'host' | 'allowedHosts' | 'maxSessions' | 'sessionIdleMs'> {
  /**
   * Whether databases whose role can write are served beyond loopback.
   * @defaultValue `false`
   */
  readonly allowWritableRoles?: boolean | undefined
}

/** A running server. */
export interface DatabaseMcpHttpServer {
  /** Where clients connect to. */
  readonly url: string
  /** Ends all connections; the databases stay open. Calling it twice is harmless. */
  close(): Promise<void>
}

/**
 * Serves databases over streamable HTTP at `/mcp`, for clients of all specification versions.
 *
 * Requests whose `Host` or `Origin` is not allowed get 403, bodies above 1 MiB get 413. There is no
 * authentication: put a server of your own in front before you listen beyond loopback.
 *
 * @throws {@link OptionInvalidError} when the address is not loopback and `allowedHosts` is absent,
 *   or the role of a database can write.
 * @throws The `OptionInvalidError` of `@t2t/mcp-orchestrator` when another option cannot work.
 */
export async function serveDatabaseMcpOverHttp(
  options: DatabaseMcpHttpOptions,
): Promise<DatabaseMcpHttpServer> {
  const { host = '127.0.0.1', allowedHosts, allowWritableRoles = false } = options
  if (!isLoopback(host)) {
    if (allowedHosts === undefined) {
      throw new OptionInvalidError('allowedHosts must be given when host is not loopback.')
    }
    if (!allowWritableRoles) await checkRoles(options.databases)
  }
  // Fails now, not at the first request.
  await createDatabaseMcpServer(options).close()
  const { port, maxSessions, sessionIdleMs } = options
  return serveHttp(() => createDatabaseMcpServer(options), {
    port,
    host,
    allowedHosts,
    maxSessions,
    sessionIdleMs,
  })
}

/** A role that can write would be all that is left once guard and session are overcome. */
async function checkRoles(databases: Iterable<Database>): Promise<void> {
  for (const database of databases) {
    const posture = await database.posture?.()
    if (posture !== undefined && !posture.canWrite) continue
    const [finding] = posture?.findings.filter(({ writes }) => writes) ?? []
    const why = finding === undefined ? 'cannot be told' : `has ${finding.code} ${finding.subject}`
    throw new OptionInvalidError(
      `The role of ${database.name} ${why}: use one that only reads, or say allowWritableRoles.`,
    )
  }
}
