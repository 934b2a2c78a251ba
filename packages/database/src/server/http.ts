import { createServer, type IncomingMessage, type Server } from 'node:http'
import {
  hostHeaderValidation,
  originValidation,
  toNodeHandler,
  type NodeIncomingMessageLike,
} from '@modelcontextprotocol/node'
import { createMcpHandler } from '@modelcontextprotocol/server'
import type { Database } from '../databases/database.ts'
import { OptionInvalidError } from '../errors/errors.ts'
import { createDatabaseMcpServer, type DatabaseMcpServerOptions } from './server.ts'

/** Options for {@link serveDatabaseMcpOverHttp}. */
export interface DatabaseMcpHttpOptions extends DatabaseMcpServerOptions {
  /**
   * 0 lets the system choose.
   * @defaultValue 0
   */
  readonly port?: number | undefined
  /**
   * The address to listen on. Anything but loopback needs `allowedHosts`.
   * @defaultValue `'127.0.0.1'`
   */
  readonly host?: string | undefined
  /**
   * Host names, without ports, that a request may name as `Host` and come from as `Origin`.
   * @defaultValue the names of this machine for itself
   */
  readonly allowedHosts?: readonly string[] | undefined
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

const loopbackNames = ['localhost', '127.0.0.1', '[::1]']
const loopbackAddresses = ['localhost', '127.0.0.1', '::1']
const maxBodyBytes = 1_048_576
const path = '/mcp'

/**
 * Serves databases over streamable HTTP at `/mcp`, for clients of all specification versions.
 *
 * Requests whose `Host` or `Origin` is not allowed get 403, bodies above 1 MiB get 413. There is no
 * authentication: put a server of your own in front before you listen beyond loopback.
 *
 * @throws {@link OptionInvalidError} when the address is not loopback and `allowedHosts` is absent,
 *   or the role of a database can write.
 */
export async function serveDatabaseMcpOverHttp(
  options: DatabaseMcpHttpOptions,
): Promise<DatabaseMcpHttpServer> {
  const { port = 0, host = '127.0.0.1', allowedHosts, allowWritableRoles = false } = options
  if (!loopbackAddresses.includes(host)) {
    if (allowedHosts === undefined) {
      throw new OptionInvalidError('allowedHosts must be given when host is not loopback.')
    }
    if (!allowWritableRoles) await checkRoles(options.databases)
  }
  // Fails now, not at the first request.
  await createDatabaseMcpServer(options).close()

  const names = [...(allowedHosts ?? loopbackNames)]
  const isKnownHost = hostHeaderValidation(names)
  const isKnownOrigin = originValidation(names)
  const mcp = createMcpHandler(() => createDatabaseMcpServer(options), {
    maxRequestBodySize: maxBodyBytes,
  })
  const answer = toNodeHandler(mcp, { maxRequestBodySize: maxBodyBytes })

  const server = createServer((request, response) => {
    if (!isKnownHost(request, response) || !isKnownOrigin(request, response)) return
    if (request.url?.split('?')[0] !== path) {
      response.writeHead(404).end()
      return
    }
    answer(asPlain(request), response).catch(() => response.destroy())
  })
  await listening(server, port, host)

  let closing: Promise<void> | undefined
  return {
    url: urlOf(server, host),
    close: () => (closing ??= closed(server, () => mcp.close())),
  }
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

/** The handler wants optional members to be absent rather than undefined. */
function asPlain(request: IncomingMessage): NodeIncomingMessageLike {
  const { method = 'GET', url = '/', headers } = request
  return { method, url, headers, [Symbol.asyncIterator]: () => request[Symbol.asyncIterator]() }
}

function listening(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function closed(server: Server, closeHandler: () => Promise<void>): Promise<void> {
  await closeHandler()
  const ended = new Promise<void>((resolve) => server.close(() => resolve()))
  server.closeAllConnections()
  await ended
}

function urlOf(server: Server, host: string): string {
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return `http://${host.includes(':') ? `[${host}]` : host}:${port}${path}`
}
