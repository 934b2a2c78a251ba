import { metrics } from '@opentelemetry/api'
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics'
import { catalogue, type LabelValues, type Meter } from '@t2t/metrics'
import { openTelemetryMeter } from '@t2t/metrics/opentelemetry'
import { meterContract } from '@t2t/metrics/testing'
import { describe, expect, it } from 'vitest'

interface Setup {
  readonly meter: Meter
  readonly collect: () => Promise<readonly CollectedMetric[]>
}
interface CollectedMetric {
  readonly descriptor: { readonly name: string; readonly unit: string }
  readonly dataPoints: readonly { readonly attributes: object; readonly value: unknown }[]
}

function setUp(): Setup {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE)
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 60_000 })
  const provider = new MeterProvider({ readers: [reader] })
  return {
    meter: openTelemetryMeter(provider.getMeter('t2t')),
    async collect() {
      exporter.reset()
      await reader.forceFlush()
      const [resource] = exporter.getMetrics()
      return resource?.scopeMetrics.flatMap((scope) => scope.metrics) ?? []
    },
  }
}

async function read(setup: Setup, name: string, labels: LabelValues): Promise<number | undefined> {
  const metric = (await setup.collect()).find(({ descriptor }) => descriptor.name === name)
  const wanted = JSON.stringify(labels)
  const point = metric?.dataPoints.find(({ attributes }) => JSON.stringify(attributes) === wanted)
  const value = point?.value
  if (typeof value === 'object' && value !== null && 'count' in value) return Number(value.count)
  return value === undefined ? undefined : Number(value)
}

describe('an OpenTelemetry meter', () => {
  it.for(meterContract)('$promise', async ({ check }) => {
    const kept = check(() => {
      const setup = setUp()
      return { meter: setup.meter, read: (name, labels) => read(setup, name, labels) }
    })

    await expect(kept).resolves.toBeUndefined()
  })

  it('takes the whole catalogue, under its names and units', async () => {
    const setup = setUp()
    for (const definition of catalogue) {
      if (definition.kind === 'histogram') setup.meter.histogram(definition).record(1)
      else if (definition.kind === 'gauge') setup.meter.gauge(definition).set(1)
      else setup.meter.counter(definition).add(1)
    }

    const found = await setup.collect()

    const described = found.map(({ descriptor }) => `${descriptor.name} in ${descriptor.unit}`)
    expect(described.toSorted()).toEqual(
      catalogue.map(({ name, unit }) => `${name} in ${unit}`).toSorted(),
    )
  })

  it('leaves labels out that are not declared or have no value', async () => {
    const setup = setUp()
    const labels = { 't2t.cache': 'schema', 't2t.result': undefined, 'user.name': 'ada' }
    const [definition] = catalogue.filter(({ name }) => name === 't2t.cache.requests')
    if (definition?.kind !== 'counter') throw new Error('No such counter.')

    setup.meter.counter(definition).add(1, labels)

    expect(await read(setup, 't2t.cache.requests', { 't2t.cache': 'schema' })).toBe(1)
  })

  it('does nothing, without an error, when no SDK is set up', () => {
    const meter = openTelemetryMeter(metrics.getMeter('t2t'))

    expect(() => {
      for (const definition of catalogue) {
        if (definition.kind === 'counter') meter.counter(definition).add(1)
      }
    }).not.toThrow()
  })
})
