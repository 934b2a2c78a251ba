import { bulkhead, BulkheadFullError, pipe, timeout, type ResilienceEvent } from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { calm, deaf, failureOf, listenersOn, turn } from '../fixtures.ts'

describe('bulkhead', () => {
  it('runs no more calls than permitted, queues some, and refuses the rest', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const events: ResilienceEvent[] = []
    const narrow = bulkhead({
      maxConcurrent: 2,
      maxQueued: 1,
      clock,
      onEvent: (event) => events.push(event),
    })
    const work = narrow(() => clock.sleep(100))

    const outcomes = [1, 2, 3, 4].map(() => work(calm()))
    const refusal = await failureOf(outcomes[3] ?? Promise.resolve())
    const load = { running: narrow.running(), queued: narrow.queued() }
    await clock.advance(200)
    await Promise.all(outcomes.slice(0, 3))

    expect(load).toEqual({ running: 2, queued: 1 })
    expect(refusal).toBeInstanceOf(BulkheadFullError)
    expect(refusal).toMatchObject({
      code: 'RESILIENCE_BULKHEAD_FULL',
      message: '2 calls are running and 1 are waiting already.',
    })
    expect({ running: narrow.running(), queued: narrow.queued() }).toEqual({
      running: 0,
      queued: 0,
    })
    expect(events).toEqual([
      { type: 'call-queued', name: 'bulkhead', by: 'bulkhead', queued: 1 },
      { type: 'call-refused', name: 'bulkhead', by: 'bulkhead', retryAfterMs: undefined },
    ])
  })

  it('gives turns in the order of arrival, and nobody overtakes', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const narrow = bulkhead({ maxConcurrent: 1, maxQueued: 9, clock })
    const order: number[] = []
    const run = (name: number): Promise<void> =>
      narrow(async () => {
        order.push(name)
        await clock.sleep(10)
      })(calm())

    const early = [1, 2, 3].map(run)
    await clock.advance(10)
    const late = run(4)
    await clock.advance(100)
    await Promise.all([...early, late])

    expect(order).toEqual([1, 2, 3, 4])
  })

  it('frees the place of a call that failed', async () => {
    const narrow = bulkhead({ maxConcurrent: 1 })

    await failureOf(narrow(() => Promise.reject(new Error('No such table.')))(calm()))

    expect(await narrow(async () => 'done')(calm())).toBe('done')
  })

  it('takes a caller who aborts out of the queue', async () => {
    const narrow = bulkhead({ maxConcurrent: 1, maxQueued: 1 })
    const caller = new AbortController()
    void narrow(deaf)(calm())

    const waiting = failureOf(narrow(deaf)({ signal: caller.signal }))
    caller.abort('gone')

    expect(await waiting).toBe('gone')
    expect(narrow.queued()).toBe(0)
    expect(listenersOn(caller.signal)).toBe(0)
  })

  it('lets a call wait no longer than permitted, or than its deadline', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const narrow = bulkhead({ maxConcurrent: 1, maxQueued: 2, maxWaitMs: 300, clock })
    const ended: number[] = []
    void narrow(deaf)(calm())
    const wait = (deadline?: number): Promise<unknown> =>
      failureOf(narrow(deaf)({ ...calm(), deadline })).finally(() => ended.push(clock.now()))

    const failures = Promise.all([wait(), wait(100)])
    await clock.advance(1_000)

    expect(ended).toEqual([100, 300])
    expect(await failures).toEqual([
      expect.objectContaining({ message: 'No call ended within 300 ms.' }),
      expect.objectContaining({ message: 'No call ended within 100 ms.' }),
    ])
    expect(clock.pendingTimers).toBe(0)
  })

  it('keeps the place of an operation that goes on after a timeout outside of it', async () => {
    const clock = createFakeClock({ advancesItself: false })
    const narrow = bulkhead({ maxConcurrent: 1 })
    const bounded = pipe(timeout({ afterMs: 100, clock }), narrow)

    const ended = failureOf(bounded(deaf)(calm()))
    await clock.advance(100)
    await ended

    expect(narrow.running()).toBe(1)
    expect(await failureOf(narrow(turn)(calm()))).toBeInstanceOf(BulkheadFullError)
  })
})
