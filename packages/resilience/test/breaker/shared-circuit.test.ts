import {
  circuitBreaker,
  CircuitOpenError,
  consecutiveFailures,
  createMemoryCircuitStore,
  type CircuitStore,
  type ResilienceEvent,
} from '@t2t/resilience'
import { createFakeClock, type FakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm, failureOf, turn } from '../fixtures.ts'

const work = async (): Promise<string> => 'done'
const fail = (): Promise<never> => Promise.reject(new Error('The upstream failed.'))

function breakerOf(
  clock: FakeClock,
  store: CircuitStore,
  events: ResilienceEvent[] = [],
): ReturnType<typeof circuitBreaker> {
  return circuitBreaker({
    opensWhen: consecutiveFailures(1),
    openForMs: 5_000,
    random: () => 0,
    shared: { store, key: 'rates' },
    clock,
    onEvent: (event) => events.push(event),
  })
}

describe('breakers that share their state', () => {
  it('learn that another one has opened, without making any call wait', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const events: ResilienceEvent[] = []
    const store = createMemoryCircuitStore(() => clock.now())
    const [first, second] = [breakerOf(clock, store), breakerOf(clock, store, events)]
    await failureOf(first(fail)(calm()))
    await clock.advance(1_000)

    const early = await second(work)(calm())
    await turn()
    const refusal = await failureOf(second(work)(calm()))

    expect(early).toBe('done')
    expect(refusal).toBeInstanceOf(CircuitOpenError)
    expect(refusal).toMatchObject({ retryAfterMs: 4_000 })
    expect(events[0]).toMatchObject({ type: 'circuit-opened', because: 'shared', openForMs: 4_000 })
  })

  it('tell the others when one has closed again', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const store = createMemoryCircuitStore(() => clock.now())
    const first = breakerOf(clock, store)
    await failureOf(first(fail)(calm()))
    await turn()
    const openFor = await store.read('rates')

    await clock.advance(5_000)
    await first(work)(calm())
    await turn()

    expect(openFor).toBe(5_000)
    expect(await store.read('rates')).toBe(0)
  })

  it('decide alone while their store is away, with one event, and never hang', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const events: ResilienceEvent[] = []
    const breaker = breakerOf(
      clock,
      {
        read: () => Promise.reject(new Error('Connection is closed.')),
        write: () => new Promise(() => {}),
      },
      events,
    )

    for (let call = 0; call < 3; call++) {
      await breaker(work)(calm())
      await clock.advance(1_000)
    }
    await failureOf(breaker(fail)(calm()))

    expect(breaker.state()).toBe('open')
    expect(events.map(({ type }) => type)).toEqual(['store-failed', 'circuit-opened'])
  })
})
