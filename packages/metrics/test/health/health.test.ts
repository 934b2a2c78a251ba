import { createHealth, publicHealth } from '@t2t/metrics'
import { createFakeClock } from '@t2t/metrics/testing'
import { describe, expect, it } from 'vitest'

const works = async (): Promise<void> => {}
const never = (): Promise<void> => new Promise(() => {})

describe('health', () => {
  it('is healthy when every check is', async () => {
    const health = createHealth({
      checks: { database: { check: works } },
      clock: createFakeClock(),
    })

    await expect(health.report()).resolves.toEqual({
      status: 'healthy',
      checks: { database: { status: 'healthy', isCritical: true, durationMs: 0 } },
      reasons: [],
      checkedAt: '2026-01-01T00:00:00.000Z',
    })
  })

  it('is unhealthy when a critical check fails, and does not repeat its message', async () => {
    const health = createHealth({
      checks: {
        database: {
          check: () => Promise.reject(new TypeError('password hunter2 refused')),
        },
      },
    })

    const report = await health.report()

    expect(report.status).toBe('unhealthy')
    expect(report.reasons).toEqual(['database is unhealthy: failed with TypeError'])
    expect(JSON.stringify(report)).not.toContain('hunter2')
  })

  it('is degraded, and ready, when a check fails that is not critical', async () => {
    const health = createHealth({
      checks: {
        database: { check: works },
        model: { check: () => Promise.reject(new Error('gone')), critical: false },
      },
    })

    await expect(health.report()).resolves.toMatchObject({ status: 'degraded' })
    await expect(health.readiness()).resolves.toEqual({
      isReady: true,
      reasons: ['model is unhealthy: failed with Error'],
    })
  })

  it('ends a check at its deadline and aborts its signal, also when the check throws at once', async () => {
    const clock = createFakeClock()
    let seen: AbortSignal | undefined
    const health = createHealth({
      clock,
      checks: {
        slow: {
          timeoutMs: 500,
          check: (signal) => {
            seen = signal
            return never()
          },
        },
        broken: {
          check: () => {
            throw new RangeError('no')
          },
        },
      },
    })

    const pending = health.report()
    clock.advance(500)
    const report = await pending

    expect(report.checks['slow']).toMatchObject({
      status: 'unhealthy',
      durationMs: 500,
      reason: 'no answer within 500 ms',
    })
    expect(report.checks['broken']).toMatchObject({ reason: 'failed with RangeError' })
    expect(seen?.aborted).toBe(true)
  })

  it('does not abort the signal of a check that answered', async () => {
    let seen: AbortSignal | undefined
    const health = createHealth({
      checks: {
        database: {
          check: async (signal) => {
            seen = signal
          },
        },
      },
    })

    await health.report()
    await new Promise((resolve) => setImmediate(resolve))

    expect(seen?.aborted).toBe(false)
  })

  it('runs checks in parallel and lets everybody wait for one run', async () => {
    const clock = createFakeClock()
    let runs = 0
    const slow = {
      timeoutMs: 100,
      check: () => {
        runs++
        return never()
      },
    }
    const health = createHealth({ checks: { one: slow, two: slow }, clock })

    const both = Promise.all([health.report(), health.report()])
    clock.advance(100)

    const [first, second] = await both
    expect(first).toBe(second)
    expect(runs).toBe(2)
  })

  it('reuses a report for a moment', async () => {
    const clock = createFakeClock()
    let runs = 0
    const check = async (): Promise<void> => {
      runs++
    }
    const health = createHealth({ checks: { database: { check } }, cacheMs: 1_000, clock })

    await health.report()
    clock.advance(999)
    await health.report()
    const before = runs
    clock.advance(1)
    await health.report()

    expect([before, runs]).toEqual([1, 2])
  })

  it('is not ready once it drains, and stays alive', async () => {
    const health = createHealth({ checks: { database: { check: works } } })

    health.drain()

    await expect(health.readiness()).resolves.toEqual({
      isReady: false,
      reasons: ['the server is ending'],
    })
    await expect(health.report()).resolves.toMatchObject({ status: 'healthy' })
  })

  it('takes over what a check found', async () => {
    const health = createHealth({
      checks: {
        pool: { check: async () => ({ status: 'degraded', reason: '9 of 10 connections in use' }) },
      },
    })

    const report = await health.report()

    expect(report.reasons).toEqual(['pool is degraded: 9 of 10 connections in use'])
    expect(publicHealth(report)).toEqual({ status: 'degraded', checkedAt: report.checkedAt })
  })

  it.for([
    [{ checks: {}, cacheMs: -1 }, 'cacheMs must be a number from 0 up, got -1.'],
    [
      { checks: { a: { check: works, timeoutMs: 0 } } },
      'timeoutMs of check a must be a number from 1 up, got 0.',
    ],
  ] as const)('refuses %j', ([options, message]) => {
    expect(() => createHealth(options)).toThrow(message)
  })
})
