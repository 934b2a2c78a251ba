import { keepFor, memoryStore, type RetentionEvent } from '@t2t/sessions'
import { createFakeClock } from '@t2t/sessions/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'

describe('retention', () => {
  beforeEach(() => void vi.useFakeTimers())
  afterEach(() => void vi.useRealTimers())

  it('deletes what did not change for a time, at once and again', async () => {
    const clock = createFakeClock()
    const store = memoryStore({ clock })
    await store.sessions.create({ owner: 'ada' })
    clock.advance(60_000)
    await store.sessions.create({ owner: 'ada' })
    const events: RetentionEvent[] = []

    const retention = keepFor(store, {
      maxIdleMs: 50_000,
      everyMs: 1_000,
      clock,
      onEvent: (event) => void events.push(event),
    })
    await vi.advanceTimersByTimeAsync(1_000)
    clock.advance(60_000)
    await vi.advanceTimersByTimeAsync(1_000)
    await retention.close()
    await vi.advanceTimersByTimeAsync(10_000)

    expect(events).toEqual([1, 0, 1].map((sessions) => ({ type: 'sessions-expired', sessions })))
    expect((await store.sessions.list({ owner: 'ada' })).items).toEqual([])
  })

  it('goes on after a round that failed, and does not mind a listener that throws', async () => {
    const failure = new Error('The disk is full.')
    const events: RetentionEvent[] = []
    const deleteInactive = vi.fn<() => Promise<number>>(async () => 0)
    deleteInactive.mockRejectedValueOnce(failure)
    const { upkeep } = memoryStore()

    await using retention = keepFor(
      { upkeep: { ...upkeep, deleteInactive } },
      {
        maxIdleMs: 1,
        everyMs: 1_000,
        onEvent: (event) => {
          events.push(event)
          throw new Error('The listener is broken.')
        },
      },
    )
    await vi.advanceTimersByTimeAsync(1_000)

    expect(retention).toBeDefined()
    expect(events).toEqual([
      { type: 'retention-failed', error: failure },
      { type: 'sessions-expired', sessions: 0 },
    ])
  })

  it('begins no round while one is under way, and waits for it when it is closed', async () => {
    const { promise, resolve } = Promise.withResolvers<number>()
    const deleteInactive = vi.fn<() => Promise<number>>(() => promise)
    const { upkeep } = memoryStore()
    const retention = keepFor(
      { upkeep: { ...upkeep, deleteInactive } },
      { maxIdleMs: 1, everyMs: 1 },
    )
    await vi.advanceTimersByTimeAsync(10)
    let isClosed = false

    const closed = retention.close().then(() => (isClosed = true))
    await vi.advanceTimersByTimeAsync(1)
    const wasClosedEarly = isClosed
    resolve(0)
    await closed

    expect(deleteInactive).toHaveBeenCalledTimes(1)
    expect(wasClosedEarly).toBe(false)
  })

  it.for([{ maxIdleMs: 0 }, { maxIdleMs: Infinity }, { maxIdleMs: 1, everyMs: 0 }])(
    'refuses %j',
    (options) => {
      expect(() => keepFor(memoryStore(), options)).toThrow(/must be/)
    },
  )
})
