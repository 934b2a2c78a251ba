import type { IncomingMessage } from 'node:http'
import {
  hostHeaderValidation,
  originValidation,
  toNodeHandler,
  type NodeIncomingMessageLike,
} from '@modelcontextprotocol/node'
import {
  createMcpHandler,
  isLegacyRequest,
  type McpServerFactory,
  type ServerNotifier,
} from '@modelcontextprotocol/server'
import { systemClock, type Clock } from '@t2t/resilience'
import { OptionInvalidError } from '../errors/errors.ts'
import { checkInteger, longestMs } from '../orchestrator/server-options.ts'
import { defaultMessageBytes } from './limits.ts'
import { listen } from './listen.ts'
import { isLoopback, loopbackNames } from './loopback.ts'
import { Sessions } from './sessions.ts'

/** Options for {@link serveHttp}. */
export interface ServeHttpOptions {
  /**
   * 0 lets the system choose.
   * @defaultValue 0
   */
  readonly port?: number | undefined
  /**
   * The address to listen on. Anything but loopback needs `allowedHosts`.
   * @defaultValue '127.0.0.1'
   */
  readonly host?: string | undefined
  /** @defaultValue '/mcp' */
  readonly path?: string | undefined
  /**
   * Host names, without ports, that a request may name as `Host` and come from as `Origin`.
   * @defaultValue the names of this machine for itself
   */
  readonly allowedHosts?: readonly string[] | undefined
  /**
   * Bytes of one request. An integer from 1024 to 67108864.
   * @defaultValue 1048576
   */
  readonly maxBodyBytes?: number | undefined
  /**
   * Sessions of clients of the specifications up to 2025-11-25; a new one takes the place of the
   * one that was idle for longest. An integer from 0 to 100000; 0 serves these clients without
   * sessions, so that several machines can share the work, and then nothing reaches a client but
   * the answers to its requests, and no cancellation reaches the server.
   * @defaultValue 256
   */
  readonly maxSessions?: number | undefined
  /**
   * How long a session may be idle before it is closed, in milliseconds. An integer from 1 to
   * 2147483647.
   * @defaultValue 600000
   */
  readonly sessionIdleMs?: number | undefined
  /** @defaultValue the clock of the machine */
  readonly clock?: Clock | undefined
}

/** A running server. */
export interface McpHttpServer extends AsyncDisposable {
  /** Where clients connect to. */
  readonly url: string
  /** Sessions that are open. */
  readonly sessions: number
  /**
   * Tells clients of 2026-07-28 what has changed: what serves one request lives no longer. The
   * server of a session tells its own client.
   */
  readonly notify: ServerNotifier
  /** Ends all connections and closes every server. Harmless when called twice. */
  close(): Promise<void>
}

/**
 * Serves MCP over streamable HTTP, for clients of all specification versions.
 *
 * `createServer` is called for each session, and for each request of 2026-07-28. Requests whose
 * `Host` or `Origin` is not allowed get 403, bodies that are too long 413. There is no
 * authentication, and a session is none: put a server of your own in front before you listen beyond
 * loopback.
 *
 * @throws {@link OptionInvalidError} when an option cannot work, or when the address is not
 * loopback and `allowedHosts` is absent.
 *
 * @example
 * ```ts
 * import { McpServer } from '@modelcontextprotocol/server'
 * import { serveHttp } from '@t2t/mcp-orchestrator/server'
 *
 * const server = await serveHttp(() => new McpServer({ name: 'notes', version: '1.0.0' }))
 * const { url } = server
 * ```
 */
export async function serveHttp(
  createServer: McpServerFactory,
  options: ServeHttpOptions = {},
): Promise<McpHttpServer> {
  const {
    port = 0,
    host = '127.0.0.1',
    path = '/mcp',
    allowedHosts,
    maxBodyBytes = defaultMessageBytes,
    maxSessions = 256,
    sessionIdleMs = 600_000,
    clock = systemClock,
  } = options
  if (!isLoopback(host) && allowedHosts === undefined) {
    throw new OptionInvalidError('allowedHosts must be given when host is not loopback.')
  }
  checkInteger('port', port, 65_535, 0)
  checkInteger('maxBodyBytes', maxBodyBytes, 67_108_864, 1_024)
  checkInteger('maxSessions', maxSessions, 100_000, 0)
  checkInteger('sessionIdleMs', sessionIdleMs, longestMs)
  if (!path.startsWith('/')) throw new OptionInvalidError('path must begin with "/".')

  // Both answer by themselves what they do not let through, before anything is read.
  const names = [...(allowedHosts ?? loopbackNames)]
  const isKnownHost = hostHeaderValidation(names)
  const isKnownOrigin = originValidation(names)
  const modern = createMcpHandler(createServer, {
    maxRequestBodySize: maxBodyBytes,
    legacy: maxSessions === 0 ? 'stateless' : 'reject',
  })
  const sessions = new Sessions({ createServer, maxSessions, idleMs: sessionIdleMs, clock })

  async function answer(request: Request, over: Promise<void>): Promise<Response> {
    const body = request.method === 'POST' ? parse(await request.clone().text()) : undefined
    if (maxSessions > 0 && (await isLegacyRequest(request, body))) {
      return sessions.answer({ request, body, over })
    }
    return modern.fetch(request, body === undefined ? {} : { parsedBody: body })
  }

  const server = await listen(
    (request, response) => {
      if (!isKnownHost(request, response) || !isKnownOrigin(request, response)) return
      if (request.url?.split('?')[0] !== path) {
        response.writeHead(404).end()
        return
      }
      const over = new Promise<void>((resolve) => response.once('close', resolve))
      const handle = toNodeHandler(
        { fetch: (webRequest) => answer(webRequest, over) },
        { maxRequestBodySize: maxBodyBytes },
      )
      handle(asPlain(request), response).catch(() => response.destroy())
    },
    port,
    host,
  )

  let closing: Promise<void> | undefined
  const close = () =>
    (closing ??= server.close(() => Promise.all([modern.close(), sessions.close()])))
  return {
    url: `${server.origin}${path}`,
    get sessions() {
      return sessions.size
    },
    notify: modern.notify,
    close,
    [Symbol.asyncDispose]: close,
  }
}

/** What cannot be parsed is left to those who answer it with an error. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

/** The handler wants optional members to be absent rather than undefined. */
function asPlain(request: IncomingMessage): NodeIncomingMessageLike {
  const { method = 'GET', url = '/', headers } = request
  return { method, url, headers, [Symbol.asyncIterator]: () => request[Symbol.asyncIterator]() }
}
