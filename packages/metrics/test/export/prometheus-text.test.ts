import { createMeter } from '@t2t/metrics'
import { prometheusContentType, prometheusName, prometheusText } from '@t2t/metrics/prometheus'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { readExposition } from './read-exposition.ts'

const visits = {
  kind: 'counter',
  name: 'shop.visits',
  unit: '{visit}',
  description: 'Visits.',
  labels: ['shop.page', 'shop.country'],
} as const

describe('the Prometheus text', () => {
  it('has help, type, and the cumulative buckets of a histogram', () => {
    const meter = createMeter()
    const waits = meter.histogram({
      kind: 'histogram',
      name: 'shop.wait',
      unit: 's',
      description: 'Waiting,\nin a \\ line.',
      labels: ['shop.page'],
      buckets: [0.1, 1],
    })
    for (const value of [0.05, 0.5, 0.5, 7]) waits.record(value, { 'shop.page': 'cart' })

    expect(prometheusText(meter)).toContain(
      [
        '# HELP shop_wait_seconds Waiting,\\nin a \\\\ line.',
        '# TYPE shop_wait_seconds histogram',
        'shop_wait_seconds_bucket{shop_page="cart",le="0.1"} 1',
        'shop_wait_seconds_bucket{shop_page="cart",le="1"} 3',
        'shop_wait_seconds_bucket{shop_page="cart",le="+Inf"} 4',
        'shop_wait_seconds_sum{shop_page="cart"} 8.05',
        'shop_wait_seconds_count{shop_page="cart"} 4',
        '',
      ].join('\n'),
    )
  })

  it('leaves labels out that have no value', () => {
    const meter = createMeter()
    meter.counter(visits).add(2, { 'shop.page': '', 'shop.country': 'PT' })
    meter.counter(visits).add(1)

    const text = prometheusText(meter)

    expect(text).toContain('shop_visits_total{shop_country="PT"} 2\n')
    expect(text).toContain('shop_visits_total 1\n')
  })

  it('keeps any label value as it is', () => {
    const value = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 200 }),
      fc.string({ unit: fc.constantFrom('\\', '"', '\n', 'n', '}', ',', '=', '\r', '\u2028') }),
    )
    fc.assert(
      fc.property(value, value, (page, country) => {
        const meter = createMeter()
        meter.counter(visits).add(1, { 'shop.page': page, 'shop.country': country })

        const found = readExposition(prometheusText(meter)).find(
          ({ name }) => name === 'shop_visits_total',
        )

        const { shop_page = '', shop_country = '' } = found?.labels ?? {}
        expect([shop_page, shop_country]).toEqual([page.toWellFormed(), country.toWellFormed()])
      }),
      { numRuns: 500 },
    )
  })

  it('never writes one series twice', () => {
    const meter = createMeter()
    const counter = meter.counter(visits)
    for (const page of ['\uD800', '\uDBFF', '\uFFFD']) counter.add(1, { 'shop.page': page })

    const lines = prometheusText(meter).match(/^shop_visits_total.*$/gm)

    expect(lines).toEqual(['shop_visits_total{shop_page="\uFFFD"} 3'])
  })

  it('writes metrics in the order of their names', () => {
    const meter = createMeter()
    meter.counter({ ...visits, name: 'b.b', labels: [] })
    meter.counter({ ...visits, name: 'a.a', labels: [] })

    const names = readExposition(prometheusText(meter)).map(({ name }) => name)

    expect(names).toEqual(['a_a_total', 'b_b_total'])
  })

  it('has the content type that Prometheus knows', () => {
    expect(prometheusContentType).toBe('text/plain; version=0.0.4; charset=utf-8')
  })
})

describe('a Prometheus name', () => {
  it.for([
    ['db.client.operation.duration', 's', 'histogram', 'db_client_operation_duration_seconds'],
    ['process.memory.usage', 'By', 'gauge', 'process_memory_usage_bytes'],
    ['system.cpu.utilization', '1', 'gauge', 'system_cpu_utilization_ratio'],
    ['process.cpu.time', 's', 'counter', 'process_cpu_time_seconds_total'],
    ['gen_ai.client.token.usage', '{token}', 'histogram', 'gen_ai_client_token_usage'],
  ] as const)('of %s in %s as a %s is %s', ([name, unit, kind, expected]) => {
    expect(prometheusName({ name, unit, kind })).toBe(expected)
  })
})
