import { join } from 'node:path'
import { ConnectionError, type Connector } from '@t2t/mcp-orchestrator'
import { fromTransport, stdio } from '@t2t/mcp-orchestrator/sdk'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

const command = process.execPath
const main = join(import.meta.dirname, '..', '..', 'product-metadata-mcp', 'main.ts')
const args = ['--conditions=@t2t/source', main]

/** The metadata server as a child process: started when it is needed, and again when it ended. */
export function metadataServer(): Connector {
  return stdio({ command, args })
}

/** The same server, but one that can be killed for good. */
export function mortalMetadataServer(): { readonly connector: Connector; kill(): void } {
  let transport: StdioClientTransport | undefined
  const connector = fromTransport(
    () => {
      if (transport !== undefined) throw new ConnectionError('unreachable', 'It was killed.')
      transport = new StdioClientTransport({ command, args: [...args] })
      return transport
    },
    { description: 'stdio: product-metadata-mcp' },
  )
  return {
    connector,
    kill: () => {
      const pid = transport?.pid
      if (typeof pid === 'number') process.kill(pid, 'SIGKILL')
    },
  }
}
