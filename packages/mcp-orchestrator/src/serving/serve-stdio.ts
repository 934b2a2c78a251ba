import type { McpServerFactory } from '@modelcontextprotocol/server'
import {
  StdioServerTransport,
  serveStdio as serveStreams,
} from '@modelcontextprotocol/server/stdio'
import { checkInteger } from '../orchestrator/server-options.ts'
import { defaultMessageBytes } from './limits.ts'

/** Options for {@link serveStdio}. */
export interface ServeStdioOptions {
  /**
   * Bytes of one message; a longer one ends the connection. An integer from 131072 to 67108864.
   * @defaultValue 1048576
   */
  readonly maxMessageBytes?: number | undefined
}

/** A server on the standard streams of this process. */
export interface McpStdioServer {
  /** Resolves when the connection is over, whoever ended it: the moment to release what it used. */
  readonly closed: Promise<void>
  /** Ends the connection. Harmless when called twice. */
  close(): Promise<void>
}

/**
 * Serves MCP over the standard streams of this process, for clients of all specification versions.
 *
 * Nothing else may write to standard output. `createServer` is called for the connection, and once
 * more for a client that asks which version is spoken and then takes the old one.
 *
 * @throws {@link OptionInvalidError} at once, when an option cannot work.
 *
 * @example
 * ```ts
 * import { McpServer } from '@modelcontextprotocol/server'
 * import { serveStdio } from '@t2t/mcp-orchestrator/server'
 *
 * serveStdio(() => new McpServer({ name: 'notes', version: '1.0.0' }))
 * ```
 */
export function serveStdio(
  createServer: McpServerFactory,
  options: ServeStdioOptions = {},
): McpStdioServer {
  const { maxMessageBytes = defaultMessageBytes } = options
  checkInteger('maxMessageBytes', maxMessageBytes, 67_108_864, 131_072)
  const transport = new EndingTransport(process.stdin, process.stdout, {
    maxBufferSize: maxMessageBytes,
  })
  const handle = serveStreams(createServer, { transport })
  return { closed: transport.closed.promise, close: () => handle.close() }
}

/** Tells when it is closed, however that came about. */
class EndingTransport extends StdioServerTransport {
  readonly closed = Promise.withResolvers<void>()

  override async close(): Promise<void> {
    await super.close()
    // Input that nobody reads any more would keep the process alive.
    process.stdin.destroy()
    this.closed.resolve()
  }
}
