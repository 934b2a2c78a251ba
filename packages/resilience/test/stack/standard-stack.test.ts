import {
  consecutiveFailures,
  circuitBreaker,
  standardStack,
  type ResilienceEvent,
} from '@t2t/resilience'
import { createFakeClock, createSeededRandom, scriptedOperation } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { Busy, calm, failureOf } from '../fixtures.ts'

const down = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' })

describe('standardStack', () => {
  it.for([1, 2, 3, 4, 5])(
    'reaches an upstream that is down at most 20 times in 200 calls by 20, with random %d',
    async (seed) => {
      const clock = createFakeClock()
      const upstream = scriptedOperation<never>([{ afterMs: 5, error: down }], clock)
      const random = createSeededRandom(seed)
      const carefully = standardStack({ retry: { maxAttempts: 4 }, clock, random })(upstream)

      for (let wave = 0; wave < 10; wave++) {
        await Promise.all(Array.from({ length: 20 }, () => failureOf(carefully(calm()))))
      }

      expect(upstream.calls.length).toBeLessThanOrEqual(20)
      expect(upstream.calls.length).toBeGreaterThan(0)
    },
  )

  it('does not repeat what an open circuit refused, whatever shouldRetry says', async () => {
    const clock = createFakeClock()
    const events: ResilienceEvent[] = []
    const upstream = scriptedOperation<never>([{ error: new Busy() }], clock)
    const carefully = standardStack({
      retry: { maxAttempts: 9, shouldRetry: () => true },
      breaker: { opensWhen: consecutiveFailures(2) },
      clock,
      onEvent: (event) => events.push(event),
    })

    const failure = await failureOf(carefully(upstream)(calm()))

    expect(failure).toMatchObject({ code: 'RESILIENCE_CIRCUIT_OPEN' })
    expect(upstream.calls).toHaveLength(2)
    expect(events.filter(({ type }) => type === 'pause-started')).toHaveLength(2)
  })

  it('names the policies in events after the upstream', async () => {
    const clock = createFakeClock()
    const names = new Set<string>()
    const carefully = standardStack({
      name: 'orders-db',
      limit: { ratePerSec: 100, burst: 1 },
      attemptMs: 50,
      retry: { maxAttempts: 2 },
      breaker: { opensWhen: consecutiveFailures(2) },
      clock,
      onEvent: ({ name, type }) => names.add(`${name}: ${type}`),
    })(scriptedOperation<never>([{ hangs: true }], clock))

    await failureOf(carefully(calm()))
    await failureOf(carefully(calm()))
    await failureOf(Promise.race([carefully(calm()), carefully(calm())]))

    expect([...names].toSorted()).toEqual([
      'orders-db.attempt-timeout: call-timed-out',
      'orders-db.circuit-breaker: call-refused',
      'orders-db.circuit-breaker: circuit-opened',
      'orders-db.rate-limit: call-refused',
      'orders-db.retry: attempt-failed',
      'orders-db.retry: pause-started',
      'orders-db.retry: retries-exhausted',
    ])
  })

  it('shares a breaker that it is given', async () => {
    const clock = createFakeClock()
    const breaker = circuitBreaker({ opensWhen: consecutiveFailures(1), clock })
    const upstream = scriptedOperation<never>([{ error: down }], clock)

    await failureOf(standardStack({ breaker, retry: false, clock })(upstream)(calm()))
    await failureOf(standardStack({ breaker, retry: false, clock })(upstream)(calm()))

    expect(upstream.calls).toHaveLength(1)
  })

  it('has either a retry or a hedge', () => {
    expect(() => standardStack({ retry: {}, hedge: { afterMs: 100 } })).toThrow(
      'A stack has either a retry or a hedge, choose one of them.',
    )
  })
})
