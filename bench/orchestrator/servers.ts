import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { setTimeout as pause } from 'node:timers/promises'
import { NodeStreamableHTTPServerTransport } from '@modelcontextprotocol/node'
import { McpServer } from '@modelcontextprotocol/server'
import { z } from 'zod'

/** A server on a free port of this machine. */
export interface SlowServer extends AsyncDisposable {
  readonly url: string
}

/** Builds a server with a tool that answers at once and a resource of 4.9 KB. */
export function createBenchServer(): McpServer {
  const server = new McpServer({ name: 'bench', version: '1.0.0' })
  const text = 'x'.repeat(4_900)
  server.registerResource('schema', 'bench://schema', {}, ({ href }) => ({
    contents: [{ uri: href, text }],
  }))
  server.registerTool('echo', { inputSchema: z.object({ text: z.string() }) }, (input) => ({
    content: [{ type: 'text', text: input.text }],
  }))
  return server
}

/** Serves it over HTTP; every request takes this much longer. 500 fails, `hang` never answers. */
export async function serveSlowly(delayMs: number, fault?: 500 | 'hang'): Promise<SlowServer> {
  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    if (fault === 'hang') return
    if (fault === 500) {
      response.writeHead(500).end()
      return
    }
    if (request.method === 'POST') await pause(delayMs)
    const transport = new NodeStreamableHTTPServerTransport({ enableJsonResponse: true })
    await createBenchServer().connect(transport)
    await transport.handleRequest(request, response)
  }
  const server = createServer((request, response) => void answer(request, response))
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address !== null ? address.port : 0
  return {
    url: `http://127.0.0.1:${port}/mcp`,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
