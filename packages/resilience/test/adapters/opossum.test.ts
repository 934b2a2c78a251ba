import CircuitBreaker from 'opossum'
import { CircuitOpenError, TimedOutError } from '@t2t/resilience'
import { fromOpossum, runOperation } from '@t2t/resilience/opossum'
import { policyContract } from '@t2t/resilience/testing'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { calm, deaf, failureOf, hanging } from '../fixtures.ts'

const sound: CircuitBreaker.Options = {
  timeout: 1_000,
  resetTimeout: 5_000,
  volumeThreshold: 3,
  rollingPercentilesEnabled: false,
}
const breakers: { shutdown(): void }[] = []

function breakerOf(
  options: CircuitBreaker.Options = {},
): CircuitBreaker<[run: () => Promise<unknown>]> {
  const breaker = new CircuitBreaker(runOperation, { ...sound, ...options })
  breakers.push(breaker)
  return breaker
}

const fail = (): Promise<never> => Promise.reject(new Error('The upstream failed.'))

afterEach(() => {
  for (const breaker of breakers.splice(0)) breaker.shutdown()
  vi.useRealTimers()
})

describe('fromOpossum', () => {
  it.for(policyContract)('$promise', async ({ check }) => {
    await expect(check(() => fromOpossum(breakerOf()))).resolves.toBeUndefined()
  })

  it('refuses calls while opossum is open', async () => {
    const policy = fromOpossum(breakerOf())
    for (let call = 0; call < 3; call++) await failureOf(policy(fail)(calm()))

    const refusal = await failureOf(policy(async () => 'done')(calm()))

    expect(refusal).toBeInstanceOf(CircuitOpenError)
    expect(refusal).toMatchObject({ code: 'RESILIENCE_CIRCUIT_OPEN', retryable: false })
  })

  it("aborts the call's own signal when opossum's timeout is over, and no other", async () => {
    vi.useFakeTimers()
    const policy = fromOpossum(breakerOf())
    const signals: AbortSignal[] = []
    const wrapped = policy(({ signal }) => {
      signals.push(signal)
      return deaf()
    })

    const first = failureOf(wrapped(calm()))
    await vi.advanceTimersByTimeAsync(600)
    const second = failureOf(wrapped(calm()))
    await vi.advanceTimersByTimeAsync(400)
    const aborted = signals.map((signal) => signal.aborted)
    await vi.advanceTimersByTimeAsync(600)

    expect(await first).toBeInstanceOf(TimedOutError)
    expect(aborted).toEqual([true, false])
    expect(await second).toMatchObject({ afterMs: 1_000, covers: 'attempt' })
  })

  it('does not count aborts by the caller, nor faults of the caller', async () => {
    const breaker = breakerOf()
    const policy = fromOpossum(breaker)
    const rejected = Object.assign(new Error('Bad request.'), { status: 400 })

    for (let call = 0; call < 5; call++) {
      const caller = new AbortController()
      const outcome = failureOf(policy(hanging)({ signal: caller.signal }))
      caller.abort('gone')
      expect(await outcome).toBe('gone')
      expect(await failureOf(policy(() => Promise.reject(rejected))(calm()))).toBe(rejected)
    }

    expect(breaker.opened).toBe(false)
  })

  it.for<[string, CircuitBreaker.Options]>([
    ['have a timeout, or a hung probe wedges it', { timeout: false }],
    ['have a volumeThreshold from 2 up', { volumeThreshold: 0 }],
    ['have an errorThresholdPercentage below 100', { errorThresholdPercentage: 100 }],
    ['have no capacity, use bulkhead() instead', { capacity: 5 }],
    ['be created with abortController: undefined', { abortController: new AbortController() }],
    ['be created with cache: false', { cache: true }],
    ['be created with rollingPercentilesEnabled: false', { rollingPercentilesEnabled: true }],
  ])('says that the breaker must %s', ([message, options]) => {
    expect(() => fromOpossum(breakerOf(options))).toThrow(`The opossum breaker must ${message}.`)
  })
})
