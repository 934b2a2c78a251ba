// Eight servers over HTTP: connecting, gathering, and one of them that fails or hangs.
import { MultiServerMCPClient } from '@langchain/mcp-adapters'
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js'
import { createOrchestrator, type OrchestratorEvent } from '@t2t/mcp-orchestrator'
import { http } from '@t2t/mcp-orchestrator/sdk'
import { loadMcpUse, type McpUseSession } from './mcp-use.ts'
import { serveSlowly, type SlowServer } from './servers.ts'

/** The last one is the slowest, so that there is one to compare with. */
const delays = [50, 50, 50, 50, 50, 50, 50, 150]
const deadlineMs = 400
const rounds = 3

/** Milliseconds, the best of a few rounds. */
export interface EightTimes {
  readonly connect: number
  readonly slowestConnect: number
  readonly gather: number
  readonly slowestGather: number
  readonly cachedGather: number
}

export type PeerTimes = Pick<EightTimes, 'connect' | 'gather'>

/** Runs `measure` with eight healthy servers. */
export async function withEight<Value>(
  measure: (servers: readonly SlowServer[]) => Promise<Value>,
): Promise<Value> {
  await using stack = new AsyncDisposableStack()
  const servers = await Promise.all(delays.map((delay) => serveSlowly(delay)))
  for (const server of servers) stack.use(server)
  return await measure(servers)
}

export async function timeOrchestrator(servers: readonly SlowServer[]): Promise<EightTimes> {
  const best = {
    connect: Infinity,
    slowestConnect: Infinity,
    gather: Infinity,
    slowestGather: Infinity,
    cachedGather: Infinity,
  }
  for (let round = 0; round < rounds; round++) {
    const connects: number[] = []
    await using orchestrator = createOrchestrator({
      servers: optionsOf(servers),
      onEvent: (event: OrchestratorEvent) => {
        if (event.type === 'server-connected') connects.push(event.durationMs)
      },
    })
    const connect = await time(() => orchestrator.connect())
    if (connect < best.connect) {
      best.connect = connect
      best.slowestConnect = Math.max(...connects)
    }
    const slowest = { servers: ['server-7'], cacheMode: 'bypass' } as const
    best.slowestGather = Math.min(
      best.slowestGather,
      await time(() => orchestrator.gather(slowest)),
    )
    const all = () => orchestrator.gather({ cacheMode: 'refresh' })
    best.gather = Math.min(best.gather, await time(all))
    for (let again = 0; again < 100; again++) {
      best.cachedGather = Math.min(best.cachedGather, await time(() => orchestrator.gather()))
    }
  }
  return best
}

/** Everything at once and nothing else: what a program does without any of this. */
export async function timeRaw(servers: readonly SlowServer[]): Promise<PeerTimes> {
  const best = { connect: Infinity, gather: Infinity }
  for (let round = 0; round < rounds; round++) {
    const clients = servers.map(() => new Client({ name: 'raw', version: '1.0.0' }))
    const connectOne = (client: Client, index: number) =>
      client.connect(new StreamableHTTPClientTransport(new URL(servers[index]?.url ?? '')))
    best.connect = Math.min(best.connect, await time(() => Promise.all(clients.map(connectOne))))
    const gatherOne = async (client: Client): Promise<void> => {
      const { resources } = await client.listResources()
      await Promise.all(resources.map(({ uri }) => client.readResource({ uri })))
    }
    best.gather = Math.min(best.gather, await time(() => Promise.all(clients.map(gatherOne))))
    await Promise.all(clients.map((client) => client.close()))
  }
  return best
}

export async function timeAdapters(servers: readonly SlowServer[]): Promise<PeerTimes> {
  const best = { connect: Infinity, gather: Infinity }
  for (let round = 0; round < rounds; round++) {
    const adapters = new MultiServerMCPClient(
      Object.fromEntries(
        servers.map(({ url }, index) => [`server-${index}`, { url, transport: 'http' as const }]),
      ),
    )
    best.connect = Math.min(best.connect, await time(() => adapters.initializeConnections()))
    const gather = async (): Promise<void> => {
      const listed = await adapters.listResources()
      for (const [server, resources] of Object.entries(listed)) {
        await Promise.all(resources.map(({ uri }) => adapters.readResource(server, uri)))
      }
    }
    best.gather = Math.min(best.gather, await time(gather))
    await adapters.close()
  }
  return best
}

/** It has no gathering of its own: everything at once, as with the raw SDK. */
export async function timeMcpUse(servers: readonly SlowServer[]): Promise<PeerTimes> {
  const create = await loadMcpUse()
  const best = { connect: Infinity, gather: Infinity }
  for (let round = 0; round < rounds; round++) {
    const client = create(
      Object.fromEntries(servers.map(({ url }, index) => [`server-${index}`, { url }])),
    )
    const start = performance.now()
    const sessions = Object.values(await client.createAllSessions())
    best.connect = Math.min(best.connect, performance.now() - start)
    const gatherOne = async (session: McpUseSession): Promise<void> => {
      const { resources } = await session.listResources()
      await Promise.all(resources.map(({ uri }) => session.readResource(uri)))
    }
    best.gather = Math.min(best.gather, await time(() => Promise.all(sessions.map(gatherOne))))
    await client.closeAllSessions()
  }
  return best
}

/** What is left when one of eight servers fails or hangs. */
export async function withOneBad(
  servers: readonly SlowServer[],
  fault: 500 | 'hang',
): Promise<{ readonly items: number; readonly failures: number; readonly lateMs: number }> {
  await using bad = await serveSlowly(0, fault)
  await using orchestrator = createOrchestrator({
    servers: [
      ...optionsOf(servers.slice(0, 7)),
      { name: 'bad', priority: 1, connector: http({ url: bad.url }), timeoutMs: deadlineMs },
    ],
  })
  const start = performance.now()
  const { items, failures } = await orchestrator.gather()
  const named = failures.filter(({ server }) => server === 'bad')
  return {
    items: items.length,
    failures: named.length,
    lateMs: Math.max(0, performance.now() - start - deadlineMs),
  }
}

function optionsOf(servers: readonly SlowServer[]) {
  return servers.map(({ url }, index) => ({
    name: `server-${index}`,
    priority: index + 1,
    connector: http({ url }),
  }))
}

async function time(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}
