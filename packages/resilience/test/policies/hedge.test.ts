import { createRetryBudget, hedge, pipe, retry, type ResilienceEvent } from '@t2t/resilience'
import { createFakeClock, scriptedOperation } from '@t2t/resilience/testing'
import { describe, expect, it } from 'vitest'
import { Busy, calm, failureOf, listenersOn } from '../fixtures.ts'

const fault = new Error('No such table.')

describe('hedge', () => {
  it('starts a copy of a slow call, takes the first success and aborts the loser', async () => {
    const clock = createFakeClock()
    const events: ResilienceEvent[] = []
    const query = scriptedOperation<string>(
      [{ hangs: true }, { afterMs: 20, value: 'second' }],
      clock,
    )
    const promptly = hedge({ afterMs: 100, clock, onEvent: (event) => events.push(event) })
    const { signal } = new AbortController()

    const value = await promptly(query)({ signal })

    expect(value).toBe('second')
    expect(clock.now()).toBe(120)
    expect(query.calls.map(({ at }) => at)).toEqual([0, 100])
    expect(query.calls.map((call) => call.signal.aborted)).toEqual([true, false])
    expect(events).toEqual([{ type: 'call-hedged', name: 'hedge', attempt: 2, because: 'slow' }])
    expect({ timers: clock.pendingTimers, listeners: listenersOn(signal) }).toEqual({
      timers: 0,
      listeners: 0,
    })
  })

  it('starts no copy of a call that is quick', async () => {
    const clock = createFakeClock()
    const query = scriptedOperation([{ afterMs: 99, value: 'first' }], clock)

    const value = await hedge({ afterMs: 100, clock })(query)(calm())

    expect({ value, calls: query.calls.length }).toEqual({ value: 'first', calls: 1 })
  })

  it('replaces a copy that failed for a passing reason at once', async () => {
    const clock = createFakeClock()
    const query = scriptedOperation<string>(
      [
        { afterMs: 10, error: new Busy() },
        { afterMs: 10, value: 'second' },
      ],
      clock,
    )

    const value = await hedge({ afterMs: 100, clock })(query)(calm())

    expect({ value, at: clock.now() }).toEqual({ value: 'second', at: 20 })
  })

  it('waits for the copies that still run before it gives up', async () => {
    const clock = createFakeClock()
    const query = scriptedOperation<string>(
      [
        { afterMs: 300, value: 'first' },
        { afterMs: 10, error: new Busy() },
      ],
      clock,
    )

    expect(await hedge({ afterMs: 100, clock })(query)(calm())).toBe('first')
  })

  it('ends with an error that no other attempt cures, and aborts the rest', async () => {
    const clock = createFakeClock()
    const query = scriptedOperation<string>([{ hangs: true }, { error: fault }], clock)

    const failure = await failureOf(hedge({ afterMs: 100, clock })(query)(calm()))

    expect(failure).toBe(fault)
    expect(query.calls[0]?.signal.aborted).toBe(true)
  })

  it('fails with the last error when all copies failed', async () => {
    const clock = createFakeClock()
    const query = scriptedOperation<string>([{ error: new Busy() }], clock)

    const failure = await failureOf(hedge({ afterMs: 100, maxAttempts: 3, clock })(query)(calm()))

    expect(failure).toBeInstanceOf(Busy)
    expect(query.calls).toHaveLength(3)
    expect(clock.pendingTimers).toBe(0)
  })

  it('starts no copies beyond its budget', async () => {
    const clock = createFakeClock()
    const budget = createRetryBudget({ maxSaved: 0, clock })
    const query = scriptedOperation<string>([{ afterMs: 500, value: 'first' }], clock)

    const value = await hedge({ afterMs: 100, budget, clock })(query)(calm())

    expect({ value, calls: query.calls.length }).toEqual({ value: 'first', calls: 1 })
  })

  it('is never composed with a retry, however deep', () => {
    const promptly = hedge({ afterMs: 100 })

    expect(() => pipe(retry(), promptly)).toThrow(
      'A retry and a hedge must not be composed, choose one of them.',
    )
    expect(() => pipe(pipe(promptly), pipe(retry()))).toThrow('must not be composed')
  })
})
