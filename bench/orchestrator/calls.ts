// What one tool call costs this process: over stdio through four clients, and in memory through two.
import { join } from 'node:path'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { fromTransport, stdio } from '@t2t/mcp-orchestrator/sdk'
import { loadMcpUse } from './mcp-use.ts'
import { createBenchServer } from './servers.ts'

const command = process.execPath
const args = ['--conditions=@t2t/source', join(import.meta.dirname, 'stdio-server.ts')]
const rounds = { memory: 20, stdio: 7 }
const calls = 1_000
const input = { text: 'hello' }

/** Microseconds of CPU time for one call. */
export type CallCosts = Readonly<Record<string, number>>

/**
 * Over stdio: the cost of this process alone.
 *
 * Our server processes lead a group of their own, so that the whole group can be ended. Linux
 * schedules such a group apart, and writing to it costs the writer more: `rawInGroup` is the raw
 * SDK with a server in a group of its own.
 */
export async function cpuOverStdio(): Promise<CallCosts> {
  const raw = new Client({ name: 'raw', version: '1.0.0' })
  await raw.connect(new StdioClientTransport({ command, args }))
  const rawInGroup = new Client({ name: 'raw', version: '1.0.0' })
  await rawInGroup.connect(
    new StdioClientTransport({ command: 'setsid', args: [command, ...args] }),
  )
  await using orchestrator = createOrchestrator({
    servers: [{ name: 'one', priority: 1, connector: stdio({ command, args }) }],
  })
  await orchestrator.connect()
  const adapters = new MultiServerMCPClient({ one: { command, args, transport: 'stdio' } })
  const [tool] = await adapters.getTools()
  if (tool === undefined) throw new Error('There is no tool.')
  const mcpUse = (await loadMcpUse())({ one: { command, args } })
  const { one } = await mcpUse.createAllSessions()
  if (one === undefined) throw new Error('There is no session.')
  const costs = await compare(
    {
      raw: () => raw.callTool({ name: 'echo', arguments: input }),
      rawInGroup: () => rawInGroup.callTool({ name: 'echo', arguments: input }),
      t2t: () => orchestrator.callTool({ server: 'one', tool: 'echo', input }),
      langchain: () => tool.invoke(input),
      mcpUse: () => one.callTool('echo', input),
    },
    rounds.stdio,
  )
  await raw.close()
  await rawInGroup.close()
  await adapters.close()
  await mcpUse.closeAllSessions()
  return costs
}

/** In memory: the cost of client and server together. */
export async function cpuInMemory(): Promise<CallCosts> {
  const open = async (): Promise<InMemoryTransport> => {
    const [ours, theirs] = InMemoryTransport.createLinkedPair()
    await createBenchServer().connect(theirs)
    return ours
  }
  const raw = new Client({ name: 'raw', version: '1.0.0' })
  await raw.connect(await open())
  await using orchestrator = createOrchestrator({
    servers: [{ name: 'one', priority: 1, connector: fromTransport(open) }],
  })
  await orchestrator.connect()
  const costs = await compare(
    {
      raw: () => raw.callTool({ name: 'echo', arguments: input }),
      t2t: () => orchestrator.callTool({ server: 'one', tool: 'echo', input }),
    },
    rounds.memory,
  )
  await raw.close()
  return costs
}

/** The best of several rounds, in turns: the cost once the compiler has done its work. */
async function compare(
  subjects: Readonly<Record<string, () => Promise<unknown>>>,
  most: number,
): Promise<CallCosts> {
  const best: Record<string, number> = {}
  for (let round = 0; round <= most; round++) {
    for (const [name, call] of Object.entries(subjects)) {
      const cost = await cpuOf(call)
      // The first round is for warming up.
      if (round > 0) best[name] = Math.min(best[name] ?? Infinity, cost)
    }
  }
  return best
}

async function cpuOf(call: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage()
  for (let index = 0; index < calls; index++) await call()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / calls
}
