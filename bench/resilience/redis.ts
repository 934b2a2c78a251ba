import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createRateLimiter, type WhenStoreAway } from '@t2t/resilience'
import { createRedisRateLimitStore } from '@t2t/resilience/redis'
import { Redis } from 'ioredis'
import { RateLimiterRedis } from 'rate-limiter-flexible'
import type { BenchRow } from '../report/bench.ts'
import { startRedis } from './redis-server.ts'
import type { WorkerReport } from './redis-worker.ts'

const port = 16_390

async function worker(args: readonly (string | number)[]): Promise<WorkerReport> {
  const file = join(import.meta.dirname, 'redis-worker.ts')
  const child = spawn(process.execPath, ['--conditions=@t2t/source', file, ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  })
  const parts: Buffer[] = []
  child.stdout.on('data', (part: Buffer) => parts.push(part))
  await once(child, 'close')
  const report: WorkerReport = JSON.parse(Buffer.concat(parts).toString('utf8'))
  return report
}

/** Two processes take from one limit; after `killAfterMs` their server is killed. */
async function twoProcesses(
  lengthMs: number,
  whenAway: WhenStoreAway,
  killAfterMs?: number,
): Promise<{ readonly reports: readonly WorkerReport[]; readonly killSlot: number } | undefined> {
  const server = await startRedis(port)
  if (server === undefined) return undefined
  const beginAt = Date.now() + 1_500
  const args = [port, `shared-${beginAt}`, beginAt, lengthMs, whenAway]
  const reports = Promise.all([worker(args), worker(args)])
  if (killAfterMs !== undefined) {
    await new Promise((resolve) => {
      setTimeout(resolve, beginAt + killAfterMs - Date.now())
    })
    await server.kill()
  }
  const done = await reports
  await server.kill()
  return { reports: done, killSlot: Math.ceil((killAfterMs ?? lengthMs) / 100) + 1 }
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

async function takesPerSecond(take: () => Promise<unknown>, lengthMs = 2_000): Promise<number> {
  let takes = 0
  const end = performance.now() + lengthMs
  const caller = async (): Promise<void> => {
    while (performance.now() < end) {
      await take()
      takes += 1
    }
  }
  await Promise.all(Array.from({ length: 50 }, caller))
  return Math.round((takes * 1_000) / lengthMs)
}

async function throughput(): Promise<BenchRow | undefined> {
  const server = await startRedis(port)
  if (server === undefined) return undefined
  const client = new Redis({ host: '127.0.0.1', port })
  const limiter = createRateLimiter({
    ratePerSec: 1e6,
    burst: 1e6,
    store: createRedisRateLimitStore({ client, prefix: 't2t-bench:' }),
  })
  const flexible = new RateLimiterRedis({ storeClient: client, points: 1e9, duration: 1 })
  const ours = async (): Promise<unknown> => limiter.take('all')
  const theirs = (): Promise<unknown> => flexible.consume('all')
  await takesPerSecond(ours, 500)
  const value = await takesPerSecond(ours)
  await takesPerSecond(theirs, 500)
  const peer = await takesPerSecond(theirs)
  client.disconnect()
  await server.kill()
  return {
    id: 'redis-takes',
    what: 'takes from a limit in Redis with 50 callers',
    value,
    unit: 'takes/s',
    peers: { 'rate-limiter-flexible': peer },
    goal: 'at least 20,000 takes/s with 50 callers',
    met: value >= 20_000,
  }
}

/** What becomes of a shared limit whose server is killed, for each choice. */
const choices: readonly {
  readonly whenAway: WhenStoreAway
  readonly says: string
  readonly isAsSaid: (grantsPerSec: number) => boolean
}[] = [
  {
    whenAway: 'local',
    says: 'each process keeps the limit for itself: about 200 a second',
    isAsSaid: (rate) => rate >= 170 && rate <= 220,
  },
  {
    whenAway: 'allow',
    says: 'everything passes: well above 200 a second',
    isAsSaid: (rate) => rate > 400,
  },
  { whenAway: 'refuse', says: 'nothing passes', isAsSaid: (rate) => rate === 0 },
]

/** The limits that processes share, on a server of their own. */
export async function redis(progress: (line: string) => void): Promise<readonly BenchRow[]> {
  progress('takes from Redis')
  const takes = await throughput()
  if (takes === undefined) {
    progress('there is no redis-server here: the rows about Redis are left out')
    return []
  }
  const rows: BenchRow[] = [takes]

  progress('two processes for ten seconds')
  const shared = await twoProcesses(10_000, 'local')
  const total = sum(shared?.reports.flatMap(({ granted }) => granted) ?? [])
  rows.push({
    id: 'redis-two-processes',
    what: 'grants of two processes that share 100/s, in ten seconds',
    value: total,
    unit: 'grants',
    peers: {},
    goal: 'between 950 and 1,110 in total',
    met: total >= 950 && total <= 1_110,
  })

  for (const { whenAway, says, isAsSaid } of choices) {
    progress(`the server is killed: ${whenAway}`)
    const killed = await twoProcesses(4_000, whenAway, 1_500)
    if (killed === undefined) continue
    const { reports, killSlot } = killed
    // The first half second holds the takes that were on their way.
    const after = reports.flatMap(({ granted }) => granted.slice(killSlot + 5))
    const seconds = after.length / 10 / reports.length
    const value = Math.round(sum(after) / seconds)
    const longest = Math.max(...reports.map(({ longestMs }) => longestMs))
    rows.push(
      {
        id: `redis-killed-${whenAway}`,
        what: `grants a second after the server was killed, whenStoreAway: ${whenAway}`,
        value,
        unit: 'grants/s',
        peers: {},
        goal: says,
        met: isAsSaid(value),
      },
      {
        id: `redis-killed-${whenAway}-longest`,
        what: `longest take around the killing, whenStoreAway: ${whenAway}`,
        value: Math.round(longest),
        unit: 'ms',
        peers: {},
        goal: 'never a hang: under 1 s',
        met: longest < 1_000,
      },
    )
  }
  return rows
}
