import { standardStack } from '@t2t/resilience'
import * as cockatiel from 'cockatiel'
import pRetry from 'p-retry'
import type { BenchRow } from '../report/bench.ts'

const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

/** Counts how often an upstream that is down is reached by 200 calls in waves of 20. */
async function hitsOf(wrap: (upstream: () => Promise<never>) => () => Promise<unknown>) {
  let hits = 0
  const call = wrap(async () => {
    hits += 1
    await new Promise((resolve) => {
      setTimeout(resolve, 2)
    })
    throw down
  })
  for (let wave = 0; wave < 10; wave++) {
    await Promise.allSettled(Array.from({ length: 20 }, () => call()))
  }
  return hits
}

/** What an upstream that is down is spared, with three retries. */
export async function outage(progress: (line: string) => void): Promise<readonly BenchRow[]> {
  progress('an upstream that is down')
  const context = { signal: new AbortController().signal }
  const value = await hitsOf((upstream) => {
    const wrapped = standardStack({ retry: { maxAttempts: 4, firstPauseMs: 5 } })(upstream)
    return () => wrapped(context)
  })
  const retryOnly = await hitsOf(
    (upstream) => () => pRetry(upstream, { retries: 3, minTimeout: 5, randomize: true }),
  )
  const breakerOutside = await hitsOf((upstream) => {
    const policy = cockatiel.wrap(
      cockatiel.circuitBreaker(cockatiel.handleAll, {
        halfOpenAfter: 10_000,
        breaker: new cockatiel.ConsecutiveBreaker(10),
      }),
      cockatiel.retry(cockatiel.handleAll, {
        maxAttempts: 3,
        backoff: new cockatiel.ConstantBackoff(5),
      }),
    )
    return () => policy.execute(upstream)
  })
  return [
    {
      id: 'outage',
      what: 'hits of an upstream that is down, 200 calls in waves of 20, three retries',
      value,
      unit: 'hits',
      peers: { 'p-retry': retryOnly, 'cockatiel, breaker outside': breakerOutside },
      goal: 'at most 20 hits with the standard stack',
      met: value <= 20,
    },
  ]
}
