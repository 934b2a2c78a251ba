// What one tool call costs this process: over stdio through three clients, and in memory through two.
import { join } from 'node:path'
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { fromTransport, stdio } from '@t2t/mcp-orchestrator/sdk'
import { createBenchServer } from './servers.ts'

const command = process.execPath
const args = ['--conditions=@t2t/source', join(import.meta.dirname, 'stdio-server.ts')]
const rounds = 7
const calls = 1_000
const input = { text: 'hello' }

/** Microseconds of CPU time for one call. */
export type CallCosts = Readonly<Record<string, number>>

/** Over stdio: the cost of this process alone. */
export async function cpuOverStdio(): Promise<CallCosts> {
  const raw = new Client({ name: 'raw', version: '1.0.0' })
  await raw.connect(new StdioClientTransport({ command, args }))
  await using orchestrator = createOrchestrator({
    servers: [{ name: 'one', priority: 1, connector: stdio({ command, args }) }],
  })
  await orchestrator.connect()
  const adapters = new MultiServerMCPClient({ one: { command, args, transport: 'stdio' } })
  const [tool] = await adapters.getTools()
  if (tool === undefined) throw new Error('There is no tool.')
  const costs = await compare({
    raw: () => raw.callTool({ name: 'echo', arguments: input }),
    t2t: () => orchestrator.callTool({ server: 'one', tool: 'echo', input }),
    langchain: () => tool.invoke(input),
  })
  await raw.close()
  await adapters.close()
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
  const costs = await compare({
    raw: () => raw.callTool({ name: 'echo', arguments: input }),
    t2t: () => orchestrator.callTool({ server: 'one', tool: 'echo', input }),
  })
  await raw.close()
  return costs
}

/** The best of several rounds, in turns. */
async function compare(
  subjects: Readonly<Record<string, () => Promise<unknown>>>,
): Promise<CallCosts> {
  const best: Record<string, number> = {}
  for (let round = 0; round <= rounds; round++) {
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
