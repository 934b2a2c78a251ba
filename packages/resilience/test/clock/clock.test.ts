import { systemClock } from '@t2t/resilience'
import { createFakeClock } from '@t2t/resilience/testing'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { failureOf, listenersOn, turn } from '../fixtures.ts'

describe('the system clock', () => {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })

  it('sleeps for the time asked, also when that is longer than a timer can be', async () => {
    const days = 60 * 86_400_000
    let isAwake = false
    const sleeping = systemClock.sleep(days).then(() => {
      isAwake = true
    })

    await vi.advanceTimersByTimeAsync(days - 1)
    const before = isAwake
    await vi.advanceTimersByTimeAsync(1)
    await sleeping

    expect([before, isAwake]).toEqual([false, true])
  })

  it('wakes as soon as the signal aborts, and leaves neither timer nor listener', async () => {
    const caller = new AbortController()
    const sleeping = failureOf(systemClock.sleep(5_000, caller.signal))

    caller.abort('gone')

    expect(await sleeping).toBe('gone')
    expect({ timers: vi.getTimerCount(), listeners: listenersOn(caller.signal) }).toEqual({
      timers: 0,
      listeners: 0,
    })
  })

  it('does not sleep for a caller who is gone already', async () => {
    expect(await failureOf(systemClock.sleep(5_000, AbortSignal.abort('gone')))).toBe('gone')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('tells the wall time', () => {
    vi.setSystemTime(1_234)

    expect(systemClock.wallTime()).toBe(1_234)
  })
})

describe('the fake clock', () => {
  it('jumps from timer to timer by itself', async () => {
    const clock = createFakeClock()

    await Promise.all([clock.sleep(300), clock.sleep(1_000)])

    expect(clock.now()).toBe(1_000)
    expect(clock.sleeps).toEqual([300, 1_000])
  })

  it('stands still otherwise until it is advanced, and lets everything run in order', async () => {
    const clock = createFakeClock({ advancesItself: false, wallTime: 5_000 })
    const log: string[] = []
    const run = async (name: string, ms: number): Promise<void> => {
      await clock.sleep(ms)
      log.push(`${name} at ${clock.now()}`)
      await clock.sleep(ms)
      log.push(`${name} again at ${clock.now()}`)
    }
    void run('slow', 70)
    void run('quick', 30)

    await turn()
    const before = log.length
    await clock.advance(100)

    expect(before).toBe(0)
    expect(log).toEqual(['quick at 30', 'quick again at 60', 'slow at 70'])
    expect([clock.now(), clock.wallTime(), clock.pendingTimers]).toEqual([100, 5_100, 1])
    await clock.advance(40)
  })
})
