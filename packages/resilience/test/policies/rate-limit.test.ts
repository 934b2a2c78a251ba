import {
  createMemoryRateLimitStore,
  createRateLimiter,
  rateLimit,
  RateLimitedError,
  type RateLimitStore,
  type ResilienceEvent,
  type WhenStoreAway,
} from '@t2t/resilience'
import { createFakeClock, rateLimitStoreContract } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm, failureOf, listenersOn, turn } from '../fixtures.ts'

describe('the memory store', () => {
  it.for(rateLimitStoreContract)('$promise', async ({ check }) => {
    const clock = createFakeClock({ advancesItself: false })
    const store = createMemoryRateLimitStore({ clock })

    await expect(
      check({ store, key: 'a', pass: (ms) => clock.advance(ms) }),
    ).resolves.toBeUndefined()
  })

  it('grants one unit at a time, evenly, when it is hammered', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const store = createMemoryRateLimitStore({ clock })
    const granted: number[] = []

    for (; clock.now() < 1_000; await clock.advance(5)) {
      if (store.take('a', 1, { ratePerSec: 5, burst: 2 }).allowed) granted.push(clock.now())
    }

    expect(granted).toEqual([0, 5, 200, 400, 600, 800])
  })

  it('keeps its memory bounded, whatever the keys', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const store = createMemoryRateLimitStore({ clock, maxKeys: 100 })
    const limit = { ratePerSec: 1, burst: 1 }

    for (let key = 0; key < 1_000; key++) store.take(`early-${key}`, 1, limit)
    const sizeAfterFlood = store.size
    await clock.advance(5_000)
    for (let key = 0; key < 1_000; key++) store.take(`late-${key}`, 1, limit)

    expect(sizeAfterFlood).toBe(100)
    expect(store.size).toBe(100)
  })

  it('grants no key more than its limit when the keys are too many', () => {
    const store = createMemoryRateLimitStore({ clock: createFakeClock(), maxKeys: 2 })
    const limit = { ratePerSec: 1, burst: 1 }
    const takeBoth = (key: string): boolean[] => [
      store.take(key, 1, limit).allowed,
      store.take(key, 1, limit).allowed,
    ]

    expect(takeBoth('one')).toEqual([true, false])
    expect(takeBoth('two')).toEqual([true, false])
    expect(takeBoth('three')).toEqual([true, false])
    expect(takeBoth('four')).toEqual([false, false])
  })
})

describe('rateLimit', () => {
  it('refuses a call that comes too early, and says when there is room', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const events: ResilienceEvent[] = []
    const gently = rateLimit({
      ratePerSec: 10,
      burst: 1,
      clock,
      onEvent: (event) => events.push(event),
    })
    const work = gently(async () => 'done')

    const first = await work(calm())
    const refusal = await failureOf(work(calm()))
    await clock.advance(100)
    const third = await work(calm())

    expect([first, third]).toEqual(['done', 'done'])
    expect(refusal).toBeInstanceOf(RateLimitedError)
    expect(refusal).toMatchObject({
      code: 'RESILIENCE_RATE_LIMITED',
      message: 'There is room again in 100 ms.',
      retryAfterMs: 100,
      retryable: false,
    })
    expect(events).toEqual([
      { type: 'call-refused', name: 'rate-limit', by: 'rate-limit', retryAfterMs: 100 },
    ])
  })

  it('lets calls wait for their turns, in the order of arrival', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const gently = rateLimit({ ratePerSec: 10, burst: 1, maxWaitMs: 250, clock })
    const order: string[] = []
    const run = (name: string): Promise<unknown> =>
      failureOf(
        gently(async () => {
          throw `${name} at ${clock.now()}`
        })(calm()),
      ).then((outcome) =>
        order.push(outcome instanceof Error ? `${name} refused` : String(outcome)),
      )

    const all = Promise.all(['one', 'two', 'three', 'four'].map(run))
    await clock.advance(1_000)
    await all

    expect(order).toEqual(['one at 0', 'four refused', 'two at 100', 'three at 200'])
  })

  it('stops waiting as soon as the caller aborts', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const caller = new AbortController()
    const gently = rateLimit({ ratePerSec: 1, burst: 1, maxWaitMs: 5_000, clock })
    let calls = 0
    const work = gently(async () => {
      calls += 1
    })
    await work(calm())

    const waiting = failureOf(work({ signal: caller.signal }))
    await turn()
    caller.abort('gone')

    expect(await waiting).toBe('gone')
    expect({ calls, timers: clock.pendingTimers }).toEqual({ calls: 1, timers: 0 })
    expect(listenersOn(caller.signal)).toBe(0)
  })

  it('does not let a call wait for a turn after its deadline', async () => {
    const clock = createFakeClock()
    const work = rateLimit({ ratePerSec: 1, burst: 1, maxWaitMs: 5_000, clock })(async () => 1)
    await work(calm())

    const refusal = await failureOf(work({ ...calm(), deadline: clock.now() + 500 }))

    expect(refusal).toMatchObject({ code: 'RESILIENCE_RATE_LIMITED', retryAfterMs: 1_000 })
  })

  it('takes an estimate and settles the real cost afterwards', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const limiter = createRateLimiter({ ratePerSec: 100, burst: 1_000, clock })
    const ask = rateLimit({
      limiter,
      key: 'tokens',
      cost: 800,
      costOf: (answer) => (typeof answer === 'number' ? answer : 0),
      clock,
    })

    await ask(async () => 300)(calm())
    const afterCheapAnswer = await limiter.take('tokens', 0)
    await ask(async () => 500)(calm()).catch(() => {})
    await clock.advance(5_000)
    await ask(async () => 1_100)(calm())
    const afterDearAnswer = await limiter.take('tokens', 1)

    expect(afterCheapAnswer.remaining).toBe(700)
    expect(afterDearAnswer).toMatchObject({ allowed: false, retryAfterMs: 1_010 })
  })

  it('says so when a call costs more than the burst', async () => {
    const gently = rateLimit({ ratePerSec: 10, burst: 5, cost: 6 })

    const refusal = await failureOf(gently(async () => 1)(calm()))

    expect(refusal).toMatchObject({
      message: 'The call costs 6 units, which is above the burst.',
      retryAfterMs: undefined,
    })
  })
})

describe.for<WhenStoreAway>(['allow', 'refuse', 'local'])(
  'a limiter that is to %s when its store is away',
  (whenStoreAway) => {
    const expected = {
      allow: [true, true, true],
      refuse: [
        'RESILIENCE_STORE_UNAVAILABLE',
        'RESILIENCE_STORE_UNAVAILABLE',
        'RESILIENCE_STORE_UNAVAILABLE',
      ],
      local: [true, true, false],
    }[whenStoreAway]

    it.for<[string, RateLimitStore['take']]>([
      ['fails', () => Promise.reject(new Error('Connection is closed.'))],
      [
        'throws',
        () => {
          throw new Error('Connection is closed.')
        },
      ],
      ['never answers', () => new Promise(() => {})],
    ])('does so when the store %s, with one event', async ([, take]) => {
      const clock = createFakeClock()
      const events: ResilienceEvent[] = []
      const limiter = createRateLimiter({
        ratePerSec: 0.1,
        burst: 2,
        store: { take, adjust: async () => {} },
        whenStoreAway,
        clock,
        onEvent: (event) => events.push(event),
      })
      const outcomes: unknown[] = []

      for (let call = 0; call < 3; call++) {
        try {
          outcomes.push((await limiter.take('a')).allowed)
        } catch (error) {
          outcomes.push(error instanceof Error && 'code' in error ? error.code : error)
        }
      }

      expect(outcomes).toEqual(expected)
      expect(clock.now()).toBeLessThanOrEqual(250)
      expect(events).toEqual([
        {
          type: 'store-failed',
          name: 'rate-limit',
          decision: whenStoreAway,
          error: expect.any(Error),
        },
      ])
    })
  },
)

describe('a caller who aborts while a store is asked', () => {
  it('gets its reason at once, and the store is not taken for away', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const events: ResilienceEvent[] = []
    const caller = new AbortController()
    const gently = rateLimit({
      ratePerSec: 1,
      store: { take: () => new Promise(() => {}), adjust: async () => {} },
      clock,
      onEvent: (event) => events.push(event),
    })
    let calls = 0
    const waiting = failureOf(
      gently(async () => {
        calls += 1
      })({ signal: caller.signal }),
    )
    await turn()

    caller.abort('gone')

    expect(await waiting).toBe('gone')
    expect({ calls, events, timers: clock.pendingTimers }).toEqual({
      calls: 0,
      events: [],
      timers: 0,
    })
  })
})

describe('a limiter whose store comes back', () => {
  it('asks it again after a while and says so', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const memory = createMemoryRateLimitStore({ clock })
    const events: string[] = []
    let asked = 0
    let isAway = true
    const limiter = createRateLimiter({
      ratePerSec: 1,
      burst: 5,
      store: {
        take: async (...terms) => {
          asked += 1
          if (isAway) throw new Error('Connection is closed.')
          return memory.take(...terms)
        },
        adjust: async () => {},
      },
      askAgainAfterMs: 1_000,
      clock,
      onEvent: (event) => events.push(event.type),
    })

    for (let call = 0; call < 4; call++) await limiter.take('a')
    const askedWhileAway = asked
    isAway = false
    await clock.advance(1_000)
    const { remaining } = await limiter.take('a')

    expect({ askedWhileAway, remaining }).toEqual({ askedWhileAway: 1, remaining: 4 })
    expect(events).toEqual(['store-failed', 'store-recovered'])
  })
})
