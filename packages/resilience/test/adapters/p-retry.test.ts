import pRetry, { AbortError } from 'p-retry'
import { pipe, hedge, RetriesExhaustedError } from '@t2t/resilience'
import { fromPRetry } from '@t2t/resilience/p-retry'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { Busy, busyFor, calm, failureOf } from '../fixtures.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

async function run<Value>(promise: Promise<Value>): Promise<PromiseSettledResult<Value>> {
  const settled = Promise.allSettled([promise])
  await vi.advanceTimersByTimeAsync(120_000)
  const [result] = await settled
  return result
}

describe('fromPRetry', () => {
  it('repeats as p-retry is told to', async () => {
    const told: number[] = []
    const patiently = fromPRetry(pRetry, {
      retries: 3,
      minTimeout: 100,
      onFailedAttempt: ({ attemptNumber, error }) => {
        if (error instanceof Busy) told.push(attemptNumber)
      },
    })

    const result = await run(patiently(busyFor(2))(calm()))

    expect(result).toEqual({ status: 'fulfilled', value: 3 })
    expect(told).toEqual([1, 2])
  })

  it('gives up with an error that holds the last one', async () => {
    const failure = failureOf(fromPRetry(pRetry, { retries: 1 })(busyFor(9))(calm()))
    await vi.advanceTimersByTimeAsync(60_000)

    expect(await failure).toBeInstanceOf(RetriesExhaustedError)
    expect(await failure).toMatchObject({ attempts: 2, reason: 'attempts', cause: new Busy() })
  })

  it('takes what a server says about when as a floor', async () => {
    const at: number[] = []
    const patiently = fromPRetry(pRetry, { retries: 1, minTimeout: 100 })

    await run(
      patiently(async () => {
        at.push(performance.now())
        throw Object.assign(new Busy(), { retryAfterMs: 5_000 })
      })(calm()),
    )

    const pause = (at[1] ?? 0) - (at[0] ?? 0)
    expect(pause).toBeGreaterThanOrEqual(5_000)
    expect(pause).toBeLessThan(5_600)
  })

  it('fails at once when the server asks for more than the cap', async () => {
    const patiently = fromPRetry(pRetry)

    const failure = await failureOf(
      patiently(() => Promise.reject(Object.assign(new Busy(), { retryAfterMs: 90_000 })))(calm()),
    )

    expect(failure).toMatchObject({ attempts: 1, reason: 'retry-after', retryAfterMs: 90_000 })
  })

  it('keeps a success that arrives after the caller aborted', async () => {
    const caller = new AbortController()
    const patiently = fromPRetry(pRetry)

    const value = await patiently(async () => {
      caller.abort('gone')
      return 'done'
    })({ signal: caller.signal })

    expect(value).toBe('done')
  })

  it('ends a pause as soon as the caller aborts, its own and that of the server', async () => {
    const caller = new AbortController()
    const patiently = fromPRetry(pRetry, { minTimeout: 100 })
    const outcome = failureOf(
      patiently(() => Promise.reject(Object.assign(new Busy(), { retryAfterMs: 5_000 })))({
        signal: caller.signal,
      }),
    )

    await vi.advanceTimersByTimeAsync(2_000)
    caller.abort('gone')

    expect(await outcome).toBe('gone')
    expect(vi.getTimerCount()).toBe(0)
  })

  it('judges a TypeError by the table, and gives any thrown value back as it is', async () => {
    let calls = 0
    const network = (): Promise<number> => {
      calls += 1
      const cause = Object.assign(new Error('read'), { code: 'ECONNRESET' })
      return calls < 3
        ? Promise.reject(new TypeError('worded differently', { cause }))
        : Promise.resolve(calls)
    }

    expect(await run(fromPRetry(pRetry)(network)(calm()))).toMatchObject({ value: 3 })
    expect(await failureOf(fromPRetry(pRetry)(() => Promise.reject('a text'))(calm()))).toBe(
      'a text',
    )
  })

  it("ends with the error inside p-retry's own AbortError", async () => {
    const fault = new Error('No such table.')

    const failure = await failureOf(
      fromPRetry(pRetry)(() => Promise.reject(new AbortError(fault)))(calm()),
    )

    expect(failure).toBe(fault)
  })

  it.for(['shouldConsumeRetry', 'maxRetryTime', 'signal'])('refuses %s', (name) => {
    expect(() => fromPRetry(pRetry, { [name]: 1 })).toThrow(`${name} must not be given`)
  })

  it('is not composed with a hedge', () => {
    expect(() => pipe(fromPRetry(pRetry), hedge({ afterMs: 10 }))).toThrow('must not be composed')
  })
})
