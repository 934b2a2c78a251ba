import {
  bulkhead,
  circuitBreaker,
  failureRatio,
  createRateLimiter,
  rateLimit,
  retry,
  standardStack,
  timeout,
  type Operation,
} from '@t2t/resilience'
import Bottleneck from 'bottleneck'
import * as cockatiel from 'cockatiel'
import CircuitBreaker from 'opossum'
import pLimit from 'p-limit'
import pRetry from 'p-retry'
import pTimeout from 'p-timeout'
import { RateLimiterMemory } from 'rate-limiter-flexible'
import type { BenchRow } from '../report/bench.ts'
import { nanosecondsPerCall } from '../report/measure.ts'

type Call = () => unknown

interface Comparison {
  readonly id: string
  readonly what: string
  readonly ours: Call
  readonly peers: Readonly<Record<string, Call>>
  readonly goal: string
  readonly met: (ours: number, peers: Readonly<Record<string, number>>) => boolean
}

const context = { signal: new AbortController().signal }
const operation: Operation<number> = () => Promise.resolve(42)
const plain = (): Promise<number> => Promise.resolve(42)

/** A call that leaves the running tick, as every real one does. */
const oneTurn = (): Promise<number> =>
  new Promise((resolve) => {
    setImmediate(resolve, 42)
  })

const isFastest = (ours: number, peers: Readonly<Record<string, number>>): boolean =>
  ours <= Math.min(...Object.values(peers))
const fastest = 'no slower than its fastest peer'

/** Enough of everything, so that nothing is ever refused. */
const plenty = { ratePerSec: 1e12, burst: 1e12 }

function samplingBreaker(): cockatiel.CircuitBreakerPolicy {
  return cockatiel.circuitBreaker(cockatiel.handleAll, {
    halfOpenAfter: 5_000,
    breaker: new cockatiel.SamplingBreaker({ threshold: 0.5, duration: 30_000, minimumRps: 1 }),
  })
}

function comparisons(): readonly Comparison[] {
  const limiter = createRateLimiter(plenty)
  const flexible = new RateLimiterMemory({ points: 1e12, duration: 1 })
  const opossum = new CircuitBreaker(plain, { timeout: false, rollingPercentilesEnabled: false })
  const opossumTimed = new CircuitBreaker(plain, {
    timeout: 30_000,
    rollingPercentilesEnabled: false,
  })
  const throttled = new Bottleneck({ maxConcurrent: 20 })
  const limitTen = pLimit(20)
  const cockatielRetry = cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2 })
  const cockatielBreaker = samplingBreaker()
  const cockatielTimeout = cockatiel.timeout(10_000, cockatiel.TimeoutStrategy.Aggressive)
  const cockatielBulkhead = cockatiel.bulkhead(20, 20)
  const cockatielStack = cockatiel.wrap(
    cockatiel.bulkhead(20, 20),
    cockatiel.timeout(30_000, cockatiel.TimeoutStrategy.Aggressive),
    cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2 }),
    samplingBreaker(),
    cockatiel.timeout(10_000, cockatiel.TimeoutStrategy.Aggressive),
  )
  const cockatielSmall = cockatiel.wrap(
    cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2 }),
    samplingBreaker(),
    cockatiel.bulkhead(20, 20),
    cockatiel.timeout(10_000, cockatiel.TimeoutStrategy.Aggressive),
  )

  const retried = retry()(operation)
  const timed = timeout({ afterMs: 10_000 })(operation)
  const broken = circuitBreaker({ opensWhen: failureRatio({ overMs: 30_000 }) })(operation)
  const narrow = bulkhead({ maxConcurrent: 20, maxQueued: 20 })(operation)
  const gentle = rateLimit({ limiter })(operation)
  const carefully = standardStack({
    limit: plenty,
    bulkhead: { maxConcurrent: 20, maxQueued: 20 },
  })
  const stack = carefully(operation)
  const stackedTurn = carefully(oneTurn)

  return [
    {
      id: 'retry',
      what: 'retry, one successful call',
      ours: () => retried(context),
      peers: {
        cockatiel: () => cockatielRetry.execute(plain),
        'p-retry': () => pRetry(plain, { retries: 2 }),
      },
      goal: fastest,
      met: isFastest,
    },
    {
      id: 'timeout',
      what: 'timeout, one successful call',
      ours: () => timed(context),
      peers: {
        cockatiel: () => cockatielTimeout.execute(plain),
        opossum: () => opossumTimed.fire(),
        'p-timeout': () => pTimeout(plain(), { milliseconds: 10_000 }),
      },
      goal: fastest,
      met: isFastest,
    },
    {
      id: 'breaker',
      what: 'circuit breaker, one successful call',
      ours: () => broken(context),
      peers: {
        cockatiel: () => cockatielBreaker.execute(plain),
        opossum: () => opossum.fire(),
      },
      goal: fastest,
      met: isFastest,
    },
    {
      id: 'bulkhead',
      what: 'bulkhead, one successful call',
      ours: () => narrow(context),
      peers: {
        cockatiel: () => cockatielBulkhead.execute(plain),
        'p-limit': () => limitTen(plain),
        bottleneck: () => throttled.schedule(plain),
      },
      goal: fastest,
      met: isFastest,
    },
    {
      id: 'limiter',
      what: 'memory rate limiter, one take',
      ours: () => limiter.take('all'),
      peers: { 'rate-limiter-flexible': () => flexible.consume('all') },
      goal: 'under 150 ns',
      met: (ours) => ours < 150,
    },
    {
      id: 'rate-limit',
      what: 'rate limit, one successful call',
      ours: () => gentle(context),
      peers: {
        'rate-limiter-flexible': async () => {
          await flexible.consume('all')
          return plain()
        },
      },
      goal: fastest,
      met: isFastest,
    },
    {
      id: 'stack',
      what: 'full stack (limit, bulkhead, total timeout, retry, breaker, attempt timeout)',
      ours: () => stack(context),
      peers: {
        'bare call': plain,
        cockatiel: () => cockatielSmall.execute(plain),
        'cockatiel with total timeout': () => cockatielStack.execute(plain),
      },
      goal: 'under 1.5 µs and at least 5 times cheaper than the wrap of cockatiel',
      met: (ours, peers) => ours < 1_500 && 5 * ours <= (peers['cockatiel'] ?? 0),
    },
    {
      id: 'stack-turn',
      what: 'full stack around a call that takes one turn of the event loop',
      ours: () => stackedTurn(context),
      peers: { 'bare call': oneTurn, cockatiel: () => cockatielSmall.execute(oneTurn) },
      goal: fastest,
      met: (ours, peers) => ours <= (peers['cockatiel'] ?? 0),
    },
  ]
}

/** What a successful call through each policy costs, beside its peers. */
export async function overhead(progress: (line: string) => void): Promise<readonly BenchRow[]> {
  const rows: BenchRow[] = []
  for (const { id, what, ours, peers, goal, met } of comparisons()) {
    progress(what)
    const value = await nanosecondsPerCall(ours, { calls: 50_000, rounds: 9 })
    const measured: Record<string, number> = {}
    for (const [name, call] of Object.entries(peers)) {
      const calls = name === 'bottleneck' ? 200 : 20_000
      measured[name] = await nanosecondsPerCall(call, { calls, rounds: 3 })
    }
    rows.push({ id, what, value, unit: 'ns', peers: measured, goal, met: met(value, measured) })
  }
  return rows
}
