// What one connected server costs in heap, beside the SDK's own client with the same server.
import { Client } from '@modelcontextprotocol/sdk/client/index.js'
import { InMemoryTransport } from '@modelcontextprotocol/sdk/inMemory.js'
import { createOrchestrator } from '@t2t/mcp-orchestrator'
import { fromTransport } from '@t2t/mcp-orchestrator/sdk'
import { createBenchServer } from './servers.ts'

const count = 200

async function openPair(): Promise<InMemoryTransport> {
  const [ours, theirs] = InMemoryTransport.createLinkedPair()
  await createBenchServer().connect(theirs)
  return ours
}

/** Bytes of heap for each connected server. Needs `--expose-gc`, which `npm run bench` sets. */
export async function heapPerServer(): Promise<Readonly<Record<'t2t' | 'raw', number>>> {
  const raw = await grown(async () => {
    const clients = await Promise.all(
      Array.from({ length: count }, async () => {
        const client = new Client({ name: 'raw', version: '1.0.0' })
        await client.connect(await openPair())
        return client
      }),
    )
    return () => Promise.all(clients.map((client) => client.close()))
  })
  const t2t = await grown(async () => {
    const orchestrator = createOrchestrator({
      servers: Array.from({ length: count }, (_, index) => ({
        name: `server-${index}`,
        priority: 1,
        connector: fromTransport(openPair),
      })),
    })
    await orchestrator.connect()
    return () => orchestrator.close()
  })
  return { t2t, raw }
}

async function grown(open: () => Promise<() => Promise<unknown>>): Promise<number> {
  const collect = globalThis.gc
  if (collect === undefined) throw new Error('Run Node with --expose-gc.')
  // Once before, so that what is made only once is there.
  await (
    await open()
  )()
  await settle(collect)
  const before = process.memoryUsage().heapUsed
  const close = await open()
  await settle(collect)
  const after = process.memoryUsage().heapUsed
  await close()
  return (after - before) / count
}

async function settle(collect: () => unknown): Promise<void> {
  for (let pass = 0; pass < 3; pass++) {
    await new Promise((resolve) => setImmediate(resolve))
    collect()
  }
}
