import { createMeter, metricsReport } from '@t2t/metrics'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'

const waits = {
  kind: 'histogram',
  name: 'shop.wait',
  unit: 's',
  description: 'Waiting.',
  labels: [],
  buckets: [1],
} as const

function percentilesOf(values: readonly number[]): Record<string, number | null> {
  const meter = createMeter()
  const histogram = meter.histogram(waits)
  for (const value of values) histogram.record(value)
  const metric = metricsReport(meter).metrics.find(({ name }) => name === 'shop.wait')
  const [series] = metric?.series ?? []
  if (series === undefined || !('p50' in series)) throw new Error('No distribution.')
  const { p50, p95, p99 } = series
  return { p50, p95, p99 }
}

function exact(values: readonly number[], share: number): number {
  const sorted = values.toSorted((left, right) => left - right)
  return sorted[Math.max(1, Math.ceil(share * sorted.length)) - 1] ?? Number.NaN
}

describe('the report', () => {
  it('gives percentiles within the error that it states', () => {
    const durations = fc.array(fc.double({ min: 1e-8, max: 1e11, noNaN: true }), {
      minLength: 1,
      maxLength: 500,
    })
    fc.assert(
      fc.property(durations, (values) => {
        const found = percentilesOf(values)
        for (const [name, share] of [
          ['p50', 0.5],
          ['p95', 0.95],
          ['p99', 0.99],
        ] as const) {
          const truth = exact(values, share)
          expect(Math.abs(Number(found[name]) - truth)).toBeLessThanOrEqual(truth * 0.010_001)
        }
      }),
      { numRuns: 200 },
    )
  })

  it('counts zeros as zeros', () => {
    expect(percentilesOf([0, 0, 0, 5])).toMatchObject({ p50: 0 })
  })

  it('states the error and gives count, sum and mean', () => {
    const meter = createMeter()
    const histogram = meter.histogram(waits)
    for (const value of [1, 3]) histogram.record(value)

    const report = metricsReport(meter)

    expect(report.percentileError).toBe(0.01)
    expect(report.metrics.find(({ name }) => name === 'shop.wait')?.series).toMatchObject([
      { labels: {}, count: 2, sum: 4, mean: 2 },
    ])
  })

  it('survives a trip through JSON', () => {
    const meter = createMeter()
    meter.histogram(waits)

    expect(JSON.parse(JSON.stringify(metricsReport(meter)))).toEqual(metricsReport(meter))
  })
})
