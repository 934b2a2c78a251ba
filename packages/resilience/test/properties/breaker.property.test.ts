import fc from 'fast-check'
import CircuitBreaker from 'opossum'
import {
  circuitBreaker,
  consecutiveFailures,
  failureRatio,
  type ResilienceEvent,
} from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { afterEach, describe, expect, it } from 'vitest'
import { calm, failureOf } from '../fixtures.ts'

const opossums: { shutdown(): void }[] = []
afterEach(() => {
  for (const breaker of opossums.splice(0)) breaker.shutdown()
})

/** Calls that arrive at random, each with a length and an end of its own. */
const arrivals = fc.array(
  fc.record({
    waitMs: fc.integer({ min: 0, max: 400 }),
    lengthMs: fc.integer({ min: 0, max: 900 }),
    ends: fc.constantFrom('well', 'badly', 'neutrally'),
  }),
  { minLength: 1, maxLength: 60 },
)

const rejected = Object.assign(new Error('Bad request.'), { status: 400 })

describe('circuitBreaker, whatever arrives', () => {
  it('lets exactly its probes through each time it is half-open', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, fc.integer({ min: 1, max: 4 }), async (calls, probes) => {
        const clock = createFakeClock({ advancesItself: false })
        const log: string[] = []
        const breaker = circuitBreaker({
          opensWhen: consecutiveFailures(2),
          openForMs: 300,
          probes,
          clock,
          onEvent: ({ type }: ResilienceEvent) => log.push(type),
        })

        for (const { waitMs, lengthMs, ends } of calls) {
          await clock.advance(waitMs)
          const wrapped = breaker(async () => {
            log.push('reached')
            await clock.sleep(lengthMs)
            log.push(`ended ${ends}`)
            if (ends === 'badly') throw new Error('The upstream failed.')
            if (ends === 'neutrally') throw rejected
          })
          wrapped(calm()).catch(() => {})
          await clock.advance(0)
        }
        await clock.advance(5_000)

        let budget = Number.POSITIVE_INFINITY
        const budgets: number[] = []
        for (const entry of log) {
          if (entry === 'circuit-half-opened') budget = probes
          if (entry === 'circuit-closed') budget = Number.POSITIVE_INFINITY
          if (entry === 'circuit-opened') budget = 0
          // A probe with a neutral end gives its place to another call.
          if (entry === 'ended neutrally' && Number.isFinite(budget)) budget += 1
          if (entry === 'reached') budgets.push(budget--)
        }
        expect(budgets.filter((left) => left <= 0)).toEqual([])
        expect(clock.pendingTimers).toBe(0)
      }),
      { numRuns: 120 },
    )
  })

  it('never lets anything through while it is open', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (calls) => {
        const clock = createFakeClock({ advancesItself: false })
        let openUntil = 0
        let tooEarly = 0
        const breaker = circuitBreaker({
          opensWhen: failureRatio({ overCalls: 6, minCalls: 3 }),
          openForMs: 500,
          clock,
          onEvent: (event) => {
            if (event.type === 'circuit-opened') openUntil = clock.now() + event.openForMs
            if (event.type === 'circuit-closed') openUntil = 0
          },
        })

        for (const { waitMs, lengthMs, ends } of calls) {
          await clock.advance(waitMs)
          breaker(async () => {
            if (clock.now() < openUntil) tooEarly += 1
            await clock.sleep(lengthMs)
            if (ends === 'badly') throw new Error('The upstream failed.')
          })(calm()).catch(() => {})
          await clock.advance(0)
        }
        await clock.advance(5_000)

        expect(tooEarly).toBe(0)
      }),
      { numRuns: 120 },
    )
  })

  it('opens at the same call as opossum, one call after the other', async () => {
    const outcomes = fc.array(fc.boolean(), { minLength: 1, maxLength: 40 })
    await fc.assert(
      fc.asyncProperty(outcomes, fc.integer({ min: 2, max: 10 }), async (script, minCalls) => {
        const action = (isFailure: boolean): Promise<string> =>
          isFailure ? Promise.reject(new Error('The upstream failed.')) : Promise.resolve('done')
        const theirs = new CircuitBreaker(action, {
          timeout: false,
          volumeThreshold: minCalls,
          errorThresholdPercentage: 49.999,
          rollingPercentilesEnabled: false,
          rollingCountTimeout: 3_600_000,
        })
        opossums.push(theirs)
        const ours = circuitBreaker({
          opensWhen: failureRatio({ ratio: 0.5, minCalls, overCalls: 1_000 }),
        })
        const opened: boolean[][] = [[], []]

        for (const isFailure of script) {
          if (theirs.opened || ours.state() === 'open') break
          await theirs.fire(isFailure).catch(() => {})
          await ours(() => action(isFailure))(calm()).catch(() => {})
          opened[0]?.push(theirs.opened)
          opened[1]?.push(ours.state() === 'open')
        }

        expect(opened[1]).toEqual(opened[0])
      }),
      { numRuns: 150 },
    )
  })

  it('comes back from every outage', async () => {
    await fc.assert(
      fc.asyncProperty(arrivals, async (calls) => {
        const clock = createFakeClock({ advancesItself: false })
        const breaker = circuitBreaker({
          opensWhen: consecutiveFailures(1),
          openForMs: 100,
          maxOpenForMs: 800,
          maxProbeMs: 1_000,
          clock,
        })
        for (const { waitMs, lengthMs, ends } of calls) {
          await clock.advance(waitMs)
          void failureOf(
            breaker(async () => {
              await clock.sleep(lengthMs)
              throw ends === 'neutrally' ? rejected : new Error('The upstream failed.')
            })(calm()),
          )
        }

        await clock.advance(3_000)

        expect(await breaker(async () => 'done')(calm())).toBe('done')
        expect(breaker.state()).toBe('closed')
      }),
      { numRuns: 120 },
    )
  })
})
