import { createMeter, type LabelValues, type MemoryMeter } from '@t2t/metrics'
import { createFakeClock, meterContract } from '@t2t/metrics/testing'
import { describe, expect, it } from 'vitest'

/** Reads one label set as the contract wants it. */
function reader(meter: MemoryMeter): (metric: string, labels: LabelValues) => number | undefined {
  return (metric, labels) => {
    const found = meter.read().find(({ definition }) => definition.name === metric)
    const wanted = JSON.stringify(Object.entries(labels))
    for (const series of found?.series ?? []) {
      if (JSON.stringify(series.labels) !== wanted) continue
      return 'value' in series ? series.value : series.count
    }
    return undefined
  }
}

const visits = {
  kind: 'counter',
  name: 'shop.visits',
  unit: '{visit}',
  description: 'Visits.',
  labels: ['shop.page', 'shop.country'],
} as const
const waits = {
  kind: 'histogram',
  name: 'shop.wait',
  unit: 's',
  description: 'Waiting.',
  labels: ['shop.page'],
  buckets: [0.1, 1, 10],
} as const

describe('a memory meter', () => {
  it.for(meterContract)('$promise', async ({ check }) => {
    const kept = check(() => {
      const meter = createMeter()
      return { meter, read: reader(meter) }
    })

    await expect(kept).resolves.toBeUndefined()
  })

  it('counts a value that is on a bound in the bucket below it', () => {
    const meter = createMeter()
    const histogram = meter.histogram(waits)

    for (const value of [0, 0.1, 0.100_1, 1, 10, 10.1]) histogram.record(value)

    const [metric] = meter.read().filter(({ definition }) => definition.name === 'shop.wait')
    expect(metric?.series[0]).toMatchObject({ bucketCounts: [2, 2, 1, 1], count: 6 })
  })

  it('stays small in a flood of label values and counts what it summed up', () => {
    const meter = createMeter()
    const counter = meter.counter(visits)
    const read = reader(meter)

    for (let index = 0; index < 100_000; index++) counter.add(1, { 'shop.page': `page-${index}` })

    const [metric] = meter.read().filter(({ definition }) => definition.name === 'shop.visits')
    expect(metric?.series).toHaveLength(101)
    expect(read('shop.visits', { 'shop.page': 'page-7' })).toBe(1)
    expect(read('shop.visits', { 'shop.page': 'other' })).toBe(99_900)
    expect(read('t2t.metrics.overflows', { 't2t.metric': 'shop.visits' })).toBe(99_900)
  })

  it('keeps the labels that are not flooded', () => {
    const meter = createMeter({ maxValuesPerLabel: 1 })
    const counter = meter.counter(visits)

    for (const page of ['a', 'b', 'c']) {
      counter.add(1, { 'shop.page': page, 'shop.country': 'PT' })
    }

    expect(reader(meter)('shop.visits', { 'shop.page': 'other', 'shop.country': 'PT' })).toBe(2)
  })

  it('bounds the number of label sets, not only of values', () => {
    const meter = createMeter({ maxSeriesPerMetric: 10 })
    const counter = meter.counter(visits)

    for (let page = 0; page < 20; page++) {
      for (let country = 0; country < 20; country++) {
        counter.add(1, { 'shop.page': `${page}`, 'shop.country': `${country}` })
      }
    }

    const [metric] = meter.read().filter(({ definition }) => definition.name === 'shop.visits')
    expect(metric?.series).toHaveLength(11)
    expect(reader(meter)('shop.visits', { 'shop.page': 'other', 'shop.country': 'other' })).toBe(
      390,
    )
  })

  it('does not keep a label value of unusual length', () => {
    const meter = createMeter()

    meter.counter(visits).add(1, { 'shop.page': 'x'.repeat(1_000_000) })

    expect(reader(meter)('shop.visits', { 'shop.page': 'other' })).toBe(1)
  })

  it('does not mistake one label set for another, whatever characters they hold', () => {
    const meter = createMeter()
    const counter = meter.counter(visits)

    counter.add(1, { 'shop.page': 'a\u0000b', 'shop.country': 'c' })
    counter.add(1, { 'shop.page': 'a', 'shop.country': 'b\u0000c' })
    counter.add(1, { 'shop.page': '__proto__', 'shop.country': 'constructor' })

    const [metric] = meter.read().filter(({ definition }) => definition.name === 'shop.visits')
    expect(metric?.series.map((series) => 'value' in series && series.value)).toEqual([1, 1, 1])
  })

  it('counts observations that it drops', () => {
    const meter = createMeter()

    meter.counter(visits).add(-1)

    expect(reader(meter)('t2t.metrics.invalid', { 't2t.metric': 'shop.visits' })).toBe(1)
  })

  it('shows a counter without labels before the first observation', () => {
    const meter = createMeter()

    meter.counter({ ...visits, labels: [] })

    expect(reader(meter)('shop.visits', {})).toBe(0)
  })

  it('takes two names that look alike in an export for one name', () => {
    const meter = createMeter()
    meter.counter({ ...visits, name: 'shop.page_visits' })

    expect(() => meter.counter({ ...visits, name: 'shop.page.visits' })).toThrow(
      'Metric shop.page.visits was asked for before with another definition.',
    )
  })

  it.for([
    [{ name: 'shop.visits_total' }, 'ends in a word that exports add'],
    [{ unit: 'ms' }, 'must be s, By, 1 or a word in braces'],
    [{ labels: ['le'] }, 'cannot have a label called "le"'],
    [{ labels: ['a.b', 'a_b'] }, 'cannot have a label called "a_b"'],
  ] as const)('refuses the definition %j', ([change, message]) => {
    const meter = createMeter()

    expect(() => meter.counter({ ...visits, ...change })).toThrow(message)
  })

  it.for([[[]], [[1, 1]], [[2, 1]], [[1, Infinity]]])('refuses the buckets %j', ([buckets]) => {
    const meter = createMeter()

    expect(() => meter.histogram({ ...waits, buckets: buckets ?? [] })).toThrow(
      'at least one finite number, in ascending order',
    )
  })

  it.for(['maxValuesPerLabel', 'maxSeriesPerMetric', 'windowMs'])('refuses 0 for %s', (name) => {
    expect(() => createMeter({ [name]: 0 })).toThrow(`${name} must be an integer from 1 up, got 0.`)
  })

  it('forgets percentiles after two windows, and nothing else', () => {
    const clock = createFakeClock()
    const meter = createMeter({ windowMs: 1_000, clock })
    const histogram = meter.histogram(waits)
    const percentiles = (): unknown => {
      const [metric] = meter.read().filter(({ definition }) => definition.name === 'shop.wait')
      return metric?.kind === 'histogram' && metric.series[0]?.percentiles
    }

    histogram.record(1)
    clock.advance(1_999)
    const early = percentiles()
    clock.advance(2_000)

    expect(early).toBeDefined()
    expect(percentiles()).toBeUndefined()
    expect(reader(meter)('shop.wait', {})).toBe(1)
  })
})
