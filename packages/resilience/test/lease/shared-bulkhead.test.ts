import {
  BulkheadFullError,
  createMemoryLeaseStore,
  sharedBulkhead,
  type LeaseStore,
  type ResilienceEvent,
  type SharedBulkheadOptions,
} from '@t2t/resilience'
import { createFakeClock, policyContract, type FakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm, deaf, failureOf } from '../fixtures.ts'

function setUp(options: Partial<SharedBulkheadOptions> = {}): {
  readonly clock: FakeClock
  readonly store: LeaseStore
  readonly events: ResilienceEvent[]
  readonly process: () => ReturnType<typeof sharedBulkhead>
} {
  const clock = createFakeClock({ advancesItself: false })
  const store = createMemoryLeaseStore({ clock })
  const events: ResilienceEvent[] = []
  const process = (): ReturnType<typeof sharedBulkhead> =>
    sharedBulkhead({
      store,
      key: 'reports',
      maxConcurrent: 2,
      leaseMs: 3_000,
      clock,
      onEvent: (event) => events.push(event),
      ...options,
    })
  return { clock, store, events, process }
}

const away: LeaseStore = {
  acquire: () => Promise.reject(new Error('Connection is closed.')),
  renew: () => Promise.reject(new Error('Connection is closed.')),
  release: () => Promise.reject(new Error('Connection is closed.')),
}

describe('sharedBulkhead', () => {
  it.for(policyContract)('$promise', async ({ check }) => {
    const create = ({ clock, onEvent }: Parameters<Parameters<typeof check>[0]>[0]) =>
      sharedBulkhead({
        store: createMemoryLeaseStore({ clock }),
        key: 'a',
        maxConcurrent: 3,
        clock,
        onEvent,
      })

    await expect(check(create)).resolves.toBeUndefined()
  })

  it('bounds the calls of several processes together', async () => {
    const { clock, process, events } = setUp()
    const [first, second] = [process(), process()]
    const work = (): Promise<void> => clock.sleep(100)

    const running = [first(work)(calm()), second(work)(calm())]
    await clock.advance(0)
    const refusal = await failureOf(second(work)(calm()))
    await clock.advance(100)
    await Promise.all(running)

    expect(refusal).toBeInstanceOf(BulkheadFullError)
    expect(refusal).toMatchObject({
      message: '2 calls are running in all processes together.',
    })
    expect(events.map(({ type }) => type)).toEqual(['call-refused'])
    expect(await second(async () => 'done')(calm())).toBe('done')
  })

  it('keeps the places of long calls, and frees those of a process that died', async () => {
    const { clock, store, process } = setUp()
    await store.acquire('reports', 'of a process that dies', 2, 3_000)
    const long = process()(() => clock.sleep(20_000))(calm())
    await clock.advance(2_000)
    const whileBothHold = await store.acquire('reports', 'another', 2, 3_000)

    await clock.advance(2_000)
    const afterOneDied = await store.acquire('reports', 'another', 2, 60_000)
    await clock.advance(10_000)
    const whileLongRuns = await store.acquire('reports', 'a third', 2, 3_000)
    await clock.advance(10_000)
    await long

    expect({ whileBothHold, afterOneDied, whileLongRuns }).toEqual({
      whileBothHold: false,
      afterOneDied: true,
      whileLongRuns: false,
    })
    expect(clock.pendingTimers).toBe(0)
  })

  it('says so when a lease got lost, and lets the call go on', async () => {
    const memory = createMemoryLeaseStore()
    const ids: string[] = []
    const store: LeaseStore = {
      acquire: (key, id, ...terms) => {
        ids.push(id)
        return memory.acquire(key, id, ...terms)
      },
      renew: (...terms) => memory.renew(...terms),
      release: (...terms) => memory.release(...terms),
    }
    const { clock, process, events } = setUp({ store })
    const running = process()(() => clock.sleep(5_000).then(() => 'done'))(calm())
    await clock.advance(0)

    await store.release('reports', ids[0] ?? '')
    await clock.advance(5_000)

    expect(await running).toBe('done')
    expect(events.map(({ type }) => type)).toEqual(['lease-lost'])
  })

  it('waits for a place as long as permitted', async () => {
    const { clock, process } = setUp({ maxConcurrent: 1, maxWaitMs: 1_000, pollMs: 50 })
    const policy = process()
    const endedAt: number[] = []
    const work = policy(() => clock.sleep(320))

    const all = Promise.all([1, 2].map(() => work(calm()).then(() => endedAt.push(clock.now()))))
    await clock.advance(2_000)
    await all
    void policy(deaf)(calm())
    const refused = failureOf(work(calm()))
    await clock.advance(1_000)

    expect(endedAt).toEqual([320, 670])
    expect(await refused).toBeInstanceOf(BulkheadFullError)
  })

  it.for([
    ['allow', ['running', 'running', 'running']],
    ['local', ['running', 'running', 'RESILIENCE_BULKHEAD_FULL']],
    [
      'refuse',
      [
        'RESILIENCE_STORE_UNAVAILABLE',
        'RESILIENCE_STORE_UNAVAILABLE',
        'RESILIENCE_STORE_UNAVAILABLE',
      ],
    ],
  ] as const)('is to %s when its store is away: %o', async ([whenStoreAway, expected]) => {
    const { clock, process, events } = setUp({ store: away, whenStoreAway })
    const policy = process()
    const outcomes: unknown[] = []

    for (let call = 0; call < 3; call++) {
      let isRunning = false
      policy(() => {
        isRunning = true
        return deaf()
      })(calm()).catch((error: { code: unknown }) => outcomes.push(error.code))
      await clock.advance(0)
      if (isRunning) outcomes.push('running')
    }

    expect(outcomes).toEqual(expected)
    expect(events[0]).toMatchObject({ type: 'store-failed', decision: whenStoreAway })
  })
})
