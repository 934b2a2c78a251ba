// A database that fails by script: a reset connection, a query that hangs, an outage, and what the policies make of it, as a timeline. Run it: npm start -w examples/survive-a-flaky-database
import assert from 'node:assert/strict'
import {
  consecutiveFailures,
  fallback,
  standardStack,
  type Operation,
  type ResilienceEvent,
} from '@t2t/resilience'

// The database: what each of its queries does, one after the other.
const script = ['reset', 'hang', 'rows', 'down', 'down', 'down', 'rows'] as const
let queries = 0
const countOrders: Operation<string> = async ({ signal }) => {
  const step = script[queries++]
  if (step === 'rows') return '42 orders'
  if (step === 'reset') throw Object.assign(new Error('read'), { code: 'ECONNRESET' })
  if (step === 'down')
    throw Object.assign(new Error('the system is starting up'), { code: '57P03' })
  return new Promise((_resolve, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason))
  })
}

// The policies around it, and a listener that prints what they do.
const startedAt = performance.now()
const timeline: string[] = []
const say = (what: string): void => {
  timeline.push(what)
  console.log(`${(performance.now() - startedAt).toFixed(0).padStart(5)} ms  ${what}`)
}
const onEvent = ({ name, type }: ResilienceEvent): void => say(`${name}: ${type}`)

const carefully = standardStack({
  name: 'orders',
  attemptMs: 50,
  retry: { maxAttempts: 3, firstPauseMs: 20 },
  breaker: { opensWhen: consecutiveFailures(3), openForMs: 200 },
  onEvent,
})
const lastKnown = fallback(() => '41 orders, as of an hour ago', { onEvent })
const ask = lastKnown(carefully(countOrders))
const caller = { signal: AbortSignal.timeout(10_000) }

say(await ask(caller)) // a reset connection, a query that hangs, then rows
say(await ask(caller)) // the database is down: the breaker opens, the fallback answers
say(await ask(caller)) // nothing is sent while the circuit is open
await new Promise((resolve) => setTimeout(resolve, 300))
say(await ask(caller)) // the database is back: a probe finds out, and the circuit closes

console.log(`${queries} queries reached the database`)
assert.equal(queries, script.length)
assert.deepEqual(timeline, [
  'orders.retry: attempt-failed',
  'orders.retry: pause-started',
  'orders.attempt-timeout: call-timed-out',
  'orders.retry: attempt-failed',
  'orders.retry: pause-started',
  'orders.retry: call-recovered',
  '42 orders',
  'orders.retry: attempt-failed',
  'orders.retry: pause-started',
  'orders.retry: attempt-failed',
  'orders.retry: pause-started',
  'orders.circuit-breaker: circuit-opened',
  'orders.retry: attempt-failed',
  'orders.retry: retries-exhausted',
  'fallback: fallback-used',
  '41 orders, as of an hour ago',
  'orders.circuit-breaker: call-refused',
  'orders.retry: attempt-failed',
  'fallback: fallback-used',
  '41 orders, as of an hour ago',
  'orders.circuit-breaker: circuit-half-opened',
  'orders.circuit-breaker: circuit-closed',
  '42 orders',
])
