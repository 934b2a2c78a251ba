import { ConnectionError, type Connector } from '@t2t/mcp-orchestrator'
import { fromTransport } from '@t2t/mcp-orchestrator/sdk'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'

/** A server as a child process that can be killed for good. */
export interface MortalServer {
  readonly connector: Connector
  kill(): void
}

export function mortalServer(command: string, args: readonly string[]): MortalServer {
  let transport: StdioClientTransport | undefined
  const connector = fromTransport(
    () => {
      if (transport !== undefined) throw new ConnectionError('unreachable', 'It was killed.')
      transport = new StdioClientTransport({ command, args: [...args] })
      return transport
    },
    { description: 'stdio: a server that will be killed' },
  )
  return {
    connector,
    kill: () => {
      const pid = transport?.pid
      if (typeof pid === 'number') process.kill(pid, 'SIGKILL')
    },
  }
}
