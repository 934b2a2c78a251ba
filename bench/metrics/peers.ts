import type { Counter, Histogram } from '@opentelemetry/api'
import { MeterProvider, MetricReader } from '@opentelemetry/sdk-metrics'
import { createMeter, type MemoryMeter } from '@t2t/metrics'
import * as prom from 'prom-client'

/** The bounds of every histogram here: as many as a call of a model has. */
export const buckets = Array.from({ length: 14 }, (_, index) => 0.01 * 2 ** index)
export const labelNames = ['route', 'status'] as const

const description = 'Calls that were counted.'
const names = { bare: 'bench_bare', labelled: 'bench_labelled', time: 'bench_time' } as const

/** A reader that collects when it is asked. */
class HandReader extends MetricReader {
  protected async onShutdown(): Promise<void> {}
  protected async onForceFlush(): Promise<void> {}
}

/** One counter without labels, one with two, and one histogram with two. */
export interface Instruments {
  readonly bare: () => void
  readonly labelled: (route: string, status: string) => void
  readonly time: (value: number, route: string, status: string) => void
}

export function ours(): Instruments & { readonly meter: MemoryMeter } {
  // 1,000 routes are compared, which is more than a label may have without being asked.
  const meter = createMeter({ maxValuesPerLabel: 10_000, maxSeriesPerMetric: 10_000 })
  const shared = { unit: '{call}', description } as const
  const bare = meter.counter({ kind: 'counter', name: names.bare, labels: [], ...shared })
  const labelled = meter.counter({
    kind: 'counter',
    name: names.labelled,
    labels: labelNames,
    ...shared,
  })
  const time = meter.histogram({
    kind: 'histogram',
    name: names.time,
    labels: labelNames,
    buckets,
    unit: 's',
    description,
  })
  return {
    meter,
    bare: () => bare.add(1),
    labelled: (route, status) => labelled.add(1, { route, status }),
    time: (value, route, status) => time.record(value, { route, status }),
  }
}

export function promClient(): Instruments & { readonly registry: prom.Registry } {
  const registry = new prom.Registry()
  const shared = { help: description, registers: [registry] }
  const bare = new prom.Counter({ name: names.bare, ...shared })
  const labelled = new prom.Counter({ name: names.labelled, labelNames, ...shared })
  const time = new prom.Histogram({ name: names.time, labelNames, buckets, ...shared })
  return {
    registry,
    bare: () => bare.inc(),
    labelled: (route, status) => labelled.inc({ route, status }),
    time: (value, route, status) => time.observe({ route, status }, value),
  }
}

export function openTelemetry(): Instruments & { readonly reader: MetricReader } {
  const reader = new HandReader()
  const meter = new MeterProvider({ readers: [reader] }).getMeter('bench')
  const bare: Counter = meter.createCounter(names.bare)
  const labelled: Counter = meter.createCounter(names.labelled)
  const time: Histogram = meter.createHistogram(names.time, {
    advice: { explicitBucketBoundaries: buckets },
  })
  return {
    reader,
    bare: () => bare.add(1),
    labelled: (route, status) => labelled.add(1, { route, status }),
    time: (value, route, status) => time.record(value, { route, status }),
  }
}
