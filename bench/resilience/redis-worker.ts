// One of the processes that share a limit: takes as much as it can and reports what it got.
// Arguments: port, key, when to begin (ms since 1970), for how long (ms), whenStoreAway.
import { createRateLimiter, type WhenStoreAway } from '@t2t/resilience'
import { createRedisRateLimitStore } from '@t2t/resilience/redis'
import { Redis } from 'ioredis'

/** What a worker writes to its stdout, as JSON. */
export interface WorkerReport {
  /** Grants in each tenth of a second since the beginning. */
  readonly granted: readonly number[]
  readonly refusedByStore: number
  /** The longest that one take lasted, in milliseconds. */
  readonly longestMs: number
  readonly events: readonly string[]
}

const [port, key = '', beginAt, lengthMs, whenAway] = process.argv.slice(2)
const isChoice = (text: unknown): text is WhenStoreAway =>
  text === 'allow' || text === 'refuse' || text === 'local'
if (!isChoice(whenAway)) throw new Error('The last argument must be allow, refuse or local.')

const client = new Redis({ host: '127.0.0.1', port: Number(port) })
client.on('error', () => {
  // The server is killed on purpose.
})
const events: string[] = []
const limiter = createRateLimiter({
  ratePerSec: 100,
  burst: 10,
  store: createRedisRateLimitStore({ client, prefix: 't2t-bench:' }),
  whenStoreAway: whenAway,
  onEvent: (event) => events.push(event.type),
})

const pause = (ms: number): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, ms)
  })

const granted: number[] = Array.from({ length: Math.ceil(Number(lengthMs) / 100) }, () => 0)
let refusedByStore = 0
let longestMs = 0
await limiter.take(`${key}:warm-up`)
const start = Number(beginAt)
await pause(start - Date.now())

async function caller(): Promise<void> {
  for (let now = Date.now(); now < start + Number(lengthMs); now = Date.now()) {
    const began = performance.now()
    let waitMs = 2
    try {
      const take = await limiter.take(key)
      const slot = Math.floor((Date.now() - start) / 100)
      if (take.allowed && slot < granted.length) granted[slot] = (granted[slot] ?? 0) + 1
      if (!take.allowed) waitMs = take.retryAfterMs
    } catch {
      refusedByStore += 1
    }
    longestMs = Math.max(longestMs, performance.now() - began)
    await pause(waitMs)
  }
}

await Promise.all(Array.from({ length: 10 }, caller))
const report: WorkerReport = { granted, refusedByStore, longestMs, events }
process.stdout.write(JSON.stringify(report))
client.disconnect()
