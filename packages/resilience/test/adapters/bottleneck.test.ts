import Bottleneck from 'bottleneck'
import { BulkheadFullError, TimedOutError } from '@t2t/resilience'
import { fromBottleneck } from '@t2t/resilience/bottleneck'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { calm, deaf, failureOf, listenersOn } from '../fixtures.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('fromBottleneck', () => {
  it('runs operations when the limiter says so', async () => {
    const policy = fromBottleneck(new Bottleneck({ maxConcurrent: 1 }))
    const { signal } = new AbortController()

    const value = policy(async () => 'done')({ signal })
    await vi.advanceTimersByTimeAsync(50)

    expect(await value).toBe('done')
    expect(listenersOn(signal)).toBe(0)
  })

  it('rethrows what the operation throws as it is', async () => {
    const fault = new Error('This job timed out after 5 ms.')
    const failure = failureOf(fromBottleneck(new Bottleneck())(() => Promise.reject(fault))(calm()))
    await vi.advanceTimersByTimeAsync(50)

    expect(await failure).toBe(fault)
  })

  it('lets a caller who aborts stop waiting at once, and never calls the operation', async () => {
    const policy = fromBottleneck(new Bottleneck({ maxConcurrent: 1 }))
    const caller = new AbortController()
    let calls = 0
    const slow = policy(() => new Promise((resolve) => setTimeout(resolve, 500)))(calm())
    const waiting = failureOf(
      policy(async () => {
        calls += 1
      })({ signal: caller.signal }),
    )
    await vi.advanceTimersByTimeAsync(50)

    caller.abort('gone')
    const reason = await waiting
    await vi.advanceTimersByTimeAsync(1_000)
    await slow

    expect({ reason, calls }).toEqual({ reason: 'gone', calls: 0 })
  })

  it('aborts the signal of a job that expired', async () => {
    const limiter = new Bottleneck({ maxConcurrent: 1 })
    const policy = fromBottleneck({
      schedule: (run) => limiter.schedule({ expiration: 100 }, run),
    })
    let given: AbortSignal | undefined
    const failure = failureOf(
      policy(({ signal }) => {
        given = signal
        return deaf()
      })(calm()),
    )
    await vi.advanceTimersByTimeAsync(500)

    expect(await failure).toBeInstanceOf(TimedOutError)
    expect(await failure).toMatchObject({ afterMs: 100 })
    expect(given?.aborted).toBe(true)
  })

  it('gives dropped jobs and a stopped limiter an error with a code', async () => {
    const limiter = new Bottleneck({
      maxConcurrent: 1,
      highWater: 0,
      strategy: Bottleneck.strategy.OVERFLOW,
    })
    const policy = fromBottleneck(limiter)
    void policy(deaf)(calm())
    await vi.advanceTimersByTimeAsync(50)
    const dropped = failureOf(policy(deaf)(calm()))
    await vi.advanceTimersByTimeAsync(50)

    expect(await dropped).toBeInstanceOf(BulkheadFullError)
    expect(await dropped).toMatchObject({ code: 'RESILIENCE_BULKHEAD_FULL' })
  })
})
