import {
  bulkhead,
  circuitBreaker,
  createMemoryRateLimitStore,
  createRateLimiter,
} from '@t2t/resilience'
import Bottleneck from 'bottleneck'
import * as cockatiel from 'cockatiel'
import CircuitBreaker from 'opossum'
import pLimit from 'p-limit'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { BenchRow } from '../report/bench.ts'
import { bytesPerObject } from '../report/measure.ts'

const plain = (): Promise<number> => Promise.resolve(42)

function row(
  id: string,
  what: string,
  ours: (index: number) => unknown,
  peers: Readonly<Record<string, () => unknown>>,
): BenchRow {
  const value = Math.round(bytesPerObject(ours))
  const measured = Object.fromEntries(
    Object.entries(peers).map(([name, create]) => [
      name,
      Math.round(bytesPerObject(create, 1_000)),
    ]),
  )
  return { id, what, value, unit: 'bytes', peers: measured, goal: '', met: null }
}

/** What an idle object keeps in memory, beside its peers. */
export function memory(progress: (line: string) => void): readonly BenchRow[] {
  progress('memory of idle objects')
  const opossums: CircuitBreaker[] = []
  const rows = [
    row('memory-breaker', 'memory of an idle circuit breaker', () => circuitBreaker(), {
      cockatiel: () =>
        cockatiel.circuitBreaker(cockatiel.handleAll, {
          halfOpenAfter: 5_000,
          breaker: new cockatiel.SamplingBreaker({ threshold: 0.5, duration: 30_000 }),
        }),
      opossum: () => {
        const breaker = new CircuitBreaker(plain, { rollingPercentilesEnabled: false })
        opossums.push(breaker)
        return breaker
      },
    }),
    row('memory-bulkhead', 'memory of an idle bulkhead', () => bulkhead({ maxConcurrent: 5 }), {
      cockatiel: () => cockatiel.bulkhead(5),
      'p-limit': () => pLimit(5),
      bottleneck: () => new Bottleneck({ maxConcurrent: 5 }),
    }),
    row(
      'memory-limiter',
      'memory of an idle rate limiter',
      () => createRateLimiter({ ratePerSec: 5 }),
      {
        'rate-limiter-flexible': () => new RateLimiterMemory({ points: 5, duration: 1 }),
        bottleneck: () => new Bottleneck({ reservoir: 5 }),
      },
    ),
  ]
  for (const breaker of opossums) breaker.shutdown()

  const store = createMemoryRateLimitStore()
  const flexible = new RateLimiterMemory({ points: 5, duration: 3_600 })
  rows.push(
    row(
      'memory-key',
      'memory of a key of a memory rate limiter',
      (index) => store.take(`key ${index}`, 1, { ratePerSec: 0.001, burst: 5 }),
      {},
    ),
  )
  const held: Promise<unknown>[] = []
  const perKey = bytesPerObject((index) => {
    held.push(flexible.consume(`key ${index}`))
    return undefined
  }, 1_000)
  const last = rows.pop()
  if (last !== undefined) {
    rows.push({ ...last, peers: { 'rate-limiter-flexible': Math.round(perKey) } })
  }
  return rows
}
