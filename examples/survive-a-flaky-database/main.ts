// A query whose first attempt fails and whose second hangs, and that still succeeds. Run it: npm start -w examples/survive-a-flaky-database
import assert from 'node:assert/strict'
import { pipe, retry, timeout, type Operation, type ResilienceEvent } from '@t2t/resilience'

// The database, by script: its first connection is reset, its second one hangs.
let queries = 0
const countOrders: Operation<number> = async ({ signal }) => {
  queries += 1
  if (queries === 1) throw Object.assign(new Error('read ECONNRESET'), { retryable: true })
  if (queries === 2) {
    await new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason))
    })
  }
  return 42
}

const startedAt = performance.now()
const timeline: string[] = []
const onEvent = (event: ResilienceEvent): void => {
  timeline.push(event.type)
  console.log(`${(performance.now() - startedAt).toFixed(0).padStart(5)} ms  ${event.type}`)
}

const carefully = pipe(
  timeout({ afterMs: 5_000, covers: 'total', onEvent }),
  retry({ maxAttempts: 3, firstPauseMs: 20, onEvent }),
  timeout({ afterMs: 50, onEvent }),
)

const orders = await carefully(countOrders)({ signal: AbortSignal.timeout(10_000) })

console.log(`${orders} orders after ${queries} queries`)
assert.deepEqual(
  { orders, queries, timeline },
  {
    orders: 42,
    queries: 3,
    timeline: [
      'attempt-failed',
      'pause-started',
      'call-timed-out',
      'attempt-failed',
      'pause-started',
      'call-recovered',
    ],
  },
)
